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
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


def _file(path: Path, media_type: str, **headers: str) -> FileResponse:
    return FileResponse(path, media_type=media_type, headers={"Cache-Control": "no-cache", **headers})


def serve(app: FastAPI) -> None:
    """Add the routes of the pages and of the widget to ``app``."""

    @app.get("/", include_in_schema=False)
    def page() -> FileResponse:
        """The widget as the whole page."""
        return _file(PAGE / "index.html", "text/html", **{"Content-Security-Policy": POLICY})

    @app.get("/demo", include_in_schema=False)
    def demo() -> FileResponse:
        """The widget in the corner of a page."""
        return _file(PAGE / "demo.html", "text/html", **{"Content-Security-Policy": POLICY})

    @app.get("/page.css", include_in_schema=False)
    def style() -> FileResponse:
        """The style of both pages."""
        return _file(PAGE / "page.css", "text/css")

    @app.get("/icon.svg", include_in_schema=False)
    def icon() -> FileResponse:
        """The pages' icon."""
        return _file(PAGE / "icon.svg", "image/svg+xml")

    @app.get("/widget.js", include_in_schema=False)
    def widget(accept_encoding: Annotated[str, Header()] = "") -> FileResponse:
        """The widget, for any site's pages: one script to embed."""
        if not WIDGET.is_file():
            raise Problem(404, "The widget has not been built here yet. Run 'make setup', which builds it.")
        headers = {"Cross-Origin-Resource-Policy": "cross-origin", "Vary": "Accept-Encoding"}
        packed = WIDGET.with_suffix(".js.gz")
        if "gzip" in accept_encoding and packed.is_file():
            return _file(packed, "text/javascript", **headers, **{"Content-Encoding": "gzip"})
        return _file(WIDGET, "text/javascript", **headers)
