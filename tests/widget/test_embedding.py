"""The widget on another site's page, in a real browser: allowed by name, else refused."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from browsing import CASE, expect, gateway

from critical_friend.cli.serving import free_port


@contextmanager
def site(port: int, server: str) -> Iterator[str]:
    """An intranet with one page, that has the widget of ``server`` and a strict policy of its own."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = (
                "<!doctype html><html lang='en'><title>Intranet</title><link rel='icon' href='data:,'>"
                f"<script src='{server}/widget.js' defer></script>"
                f"<critical-friend server='{server}' display='page'></critical-friend></html>"
            ).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header(
                "Content-Security-Policy",
                f"default-src 'none'; img-src data:; script-src {server}; connect-src {server}; "
                "require-trusted-types-for 'script'",
            )
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", port), Page) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{port}"
        serving.shutdown()


@pytest.fixture
def embedded(servers, visit) -> Iterator[Callable]:
    """Visit the intranet, where the server names as allowed what ``allowed`` makes of its address."""
    port = free_port()

    @contextmanager
    def visiting(allowed: str):
        origins = allowed.format(port=port)
        with (
            gateway(servers, CRITICAL_FRIEND_ORIGINS=origins) as running,
            site(port, running.url) as address,
        ):
            yield visit(url=address)

    return visiting


def test_a_site_that_is_named_may_embed_the_widget(embedded):
    with embedded("https://other.example.govt.nz, http://127.0.0.1:{port}") as here:
        here.agree().say(CASE[2])
        expect(here.role("Guardian angel")).to_contain_text("Missing")
        said = here.lines("bot").first.inner_text()
        here.page.reload()
        here.ready()
        expect(here.lines("bot").first).to_have_text(said, use_inner_text=True)


def test_a_site_that_is_not_named_gets_nothing(embedded):
    with embedded("https://other.example.govt.nz") as here:
        here.button("I understand").click()
        expect(here.page.locator(".notice")).to_contain_text("Critical Friend is away just now.")
        assert here.lines("bot").count() == 0 and "conversation" not in here.kept()
        assert here.faults and all("blocked by CORS policy" in fault for fault in here.faults)
        here.context.close()  # the browser's complaints are what was wanted
        here.faults.clear()
