"""The pages that show the widget, and the widget itself: plain files, with headers that keep them safe."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Header
from fastapi.responses import FileResponse

from critical_friend.gateway.problems import Problem

PAGE = Path(__file__).parent / "page"
WIDGET = Path(__file__).resolve().parents[2] / "widget" / "dist" / "widget.js"
#: Scripts come from here only, and none of them can turn text into HTML or code.
SAFE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
    "require-trusted-types-for 'script'; trusted-types 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def serve(app: FastAPI) -> None:
    """Add the routes of the pages and of the widget to ``app``."""

    @app.get("/", include_in_schema=False)
    def page() -> FileResponse:
        """The widget as the whole page."""
        return FileResponse(PAGE / "index.html", headers=SAFE_HEADERS)

    @app.get("/demo", include_in_schema=False)
    def demo() -> FileResponse:
        """The widget in the corner of a page."""
        return FileResponse(PAGE / "demo.html", headers=SAFE_HEADERS)

    @app.get("/page.css", include_in_schema=False)
    def style() -> FileResponse:
        """The style of both pages."""
        return FileResponse(PAGE / "page.css", media_type="text/css", headers=SAFE_HEADERS)

    @app.get("/icon.svg", include_in_schema=False)
    def icon() -> FileResponse:
        """The pages' icon."""
        return FileResponse(PAGE / "icon.svg", media_type="image/svg+xml", headers=SAFE_HEADERS)

    @app.get("/widget.js", include_in_schema=False)
    def widget(accept_encoding: Annotated[str, Header()] = "") -> FileResponse:
        """The widget, one script to embed."""
        if not WIDGET.exists():
            raise Problem(503, "The widget has not been built on this machine. Run 'make setup' and reload.")
        headers = {**SAFE_HEADERS, "Vary": "Accept-Encoding"}
        packed = WIDGET.with_suffix(".js.gz")
        if "gzip" in accept_encoding and packed.exists():
            headers["Content-Encoding"] = "gzip"
            return FileResponse(packed, media_type="text/javascript", headers=headers)
        return FileResponse(WIDGET, media_type="text/javascript", headers=headers)
