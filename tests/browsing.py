"""The widget in a real browser: what tests and screenshots do with it."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from support import Servers, wait_for

from critical_friend.cli.serving import ROOT, free_port, healthy

WIDGET = ROOT / "widget" / "dist" / "widget.js"
AXE = ROOT / "widget" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NO_CHROMIUM = "there is no chromium on this machine (Debian's package 'chromium' has it)"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
#: Milliseconds that a condition may take on a busy machine.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)
#: What some people would say about their case, one message after the other.
CASE = (
    "I run a team at MSD. Last winter we lost a whānau between five agencies and I thought, the way we do "
    "this just isn't working.",
    "I've rung round, and a sergeant and a nurse from Te Whatu Ora are in, boots and all.",
    "nah, nobody senior is covering for us",
    "the whānau themselves have no say in it at all, to be honest",
)


def missing() -> str | None:
    """Why the widget cannot be tried in a browser here, if it cannot."""
    if not CHROMIUM:
        return NO_CHROMIUM
    if not WIDGET.is_file() or not AXE.is_file():
        return "the widget has not been built ('make setup' builds it)"
    return None


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Visit:
    """Somebody on a page with the widget. Faults and refusals of the page are kept in ``faults``."""

    def __init__(
        self,
        browser: Browser,
        url: str,
        path: str = "/",
        *,
        width: int = 1280,
        height: int = 860,
        kept=None,
        **how,
    ):
        self.context = browser.new_context(viewport={"width": width, "height": height}, **how)
        self.context.set_default_timeout(PATIENCE)
        if kept:  # a talk that was begun elsewhere is taken up
            pair = json.dumps([f"critical-friend {url}", json.dumps({"agreed": True, "open": True, **kept})])
            self.context.add_init_script(f"sessionStorage.length || sessionStorage.setItem(...{pair})")
        self.url = url
        self.requested: list[str] = []
        self.faults: list[str] = []
        self.page = self.tab(path)

    def tab(self, path: str) -> Page:
        page = self.context.new_page()
        page.on("request", lambda request: self.requested.append(request.url))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda said: self._console(said.type, said.text))
        page.goto(self.url + path)
        return page

    def _console(self, kind: str, text: str) -> None:
        if kind == "error" and "Failed to load resource" not in text:
            self.faults.append(text)

    # ---- what somebody does

    def agree(self) -> Visit:
        self.button("I understand").click()
        return self.ready()

    def ready(self) -> Visit:
        self.page.locator(".panel[data-now=ready]").wait_for()
        return self

    def say(self, *texts: str) -> Visit:
        for text in texts:
            before = self.lines("bot").count()
            self.message.fill(text)
            self.message.press("Enter")
            self.lines("bot").nth(before).wait_for()
            self.ready()
        return self

    def answer(self, button: Locator) -> Visit:
        """Press a button that is answered by a turn."""
        before = self.lines("bot").count()
        button.click()
        self.lines("bot").nth(before).wait_for()
        return self.ready()

    def hear(self, reply: list[dict[str, Any]]) -> None:
        """Let the next message be answered with ``reply`` instead of the server's own words."""
        self.page.route("**/messages", lambda route: route.fulfill(json=reply), times=1)

    # ---- what there is

    @property
    def message(self) -> Locator:
        return self.page.get_by_label("Your message")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name)

    def lines(self, by: str) -> Locator:
        return self.page.locator(f"li.line.{by}")

    def part(self, name: str) -> Locator:
        """A part of the map: phases, question, roles, steps, heard, mode or open."""
        return self.page.locator(f".part-{name}")

    def role(self, name: str) -> Locator:
        return self.page.locator("li.role", has_text=name)

    def kept(self) -> dict[str, Any]:
        """What the browser keeps of the talk."""
        kept = self.page.evaluate("Object.values(sessionStorage)")
        return json.loads(kept[0]) if kept else {}

    def reading(self) -> dict[str, Any]:
        """The reading as the server has it."""
        kept = self.kept()
        answer = requests.get(
            f"{self.url}/api/conversations/{kept['conversation']}",
            headers={"Authorization": f"Bearer {kept['token']}"},
            timeout=30,
        )
        return answer.json()["reading"]

    def focused(self) -> str:
        """The name of what has the focus, as far as text and labels tell."""
        return self.page.evaluate(
            """() => {
                let at = document.activeElement;
                while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
                const label = at?.labels?.[0]?.textContent;
                return at?.getAttribute('aria-label') ?? label ?? at?.textContent?.trim() ?? '';
            }"""
        )

    def audit(self, **options) -> list[str]:
        """What axe finds against WCAG 2.2 AA, on the whole page and within the widget."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate(
            "(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})",
            STANDARDS,
        )
        assert len(found["passes"]) > 10, "axe looked at something"
        return [
            f"{rule['id']}: {node['target']} {node.get('failureSummary')}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]

    def close(self) -> None:
        self.context.close()
        assert not self.faults, self.faults


@contextmanager
def gateway(servers: Servers, port: int | None = None, **settings: str) -> Iterator[Gateway]:
    """One more gateway before the same assistant, to be stopped or set up otherwise."""
    another = Gateway(servers, port or free_port(), settings)
    another.start()
    try:
        yield another
    finally:
        another.stop()


class Gateway:
    """A gateway of a test's own."""

    def __init__(self, servers: Servers, port: int, settings: dict[str, str]) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._environment = {**servers.environment, **settings}
        self._command = [
            str(port) if part == str(servers.port) else part for part in servers.commands["gateway"]
        ]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._command,
            cwd=ROOT,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(lambda: healthy(self.url), 90, "the second gateway")

    def stop(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait(10)
        self._process = None


class Relay:
    """A wire to a server. It can be cut, at once or by losing an answer: the server acts, nobody hears."""

    def __init__(self, to: str) -> None:
        host, port = to.removeprefix("http://").split(":")
        self._to = (host, int(port))
        self._open: set[socket.socket] = set()
        self._losing = False
        self._port = 0
        self.lost = 0
        self.mend()
        self.url = f"http://127.0.0.1:{self._port}"

    def mend(self) -> None:
        """Carry again."""
        self._listening = socket.create_server(("127.0.0.1", self._port), reuse_port=False)
        self._port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def cut(self) -> None:
        """Carry nothing, and refuse whoever calls."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for one in list(self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def lose_an_answer(self) -> None:
        """Hand the next message on, and cut before its answer gets through."""
        self._losing = True

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listening.accept()
                threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        with client, socket.create_connection(self._to) as server, suppress(OSError):
            self._open |= {client, server}
            asked: list[bytes] = [b""]
            threading.Thread(target=self._ask, args=(client, server, asked), daemon=True).start()
            while part := server.recv(65536):
                if self._losing and b"/messages" in asked[0]:
                    self._losing = False
                    self.lost += 1
                    self.cut()
                    break
                client.sendall(part)
        self._open -= {client, server}

    @staticmethod
    def _ask(client: socket.socket, server: socket.socket, asked: list[bytes]) -> None:
        with suppress(OSError):
            while part := client.recv(65536):
                if part[:4] in (b"GET ", b"POST", b"DELE"):
                    asked[0] = part.split(b"\r\n", 1)[0]
                server.sendall(part)
            server.shutdown(socket.SHUT_WR)


__all__ = [
    "AXE",
    "CASE",
    "CHROMIUM",
    "WIDGET",
    "Gateway",
    "Path",
    "Relay",
    "Visit",
    "chromium",
    "expect",
    "gateway",
    "missing",
]
