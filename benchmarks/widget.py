"""Speed of the widget in a real browser, beside deep-chat with a plain handler.

Two things: from the script's end to the first paint of the open panel, and what a turn takes from Enter to
the reply's paint beyond the server's own time. The server is one that answers at once from memory, the same
for both, so that only the widgets differ. Prints medians and ratios; single times depend on the machine.
"""

from __future__ import annotations

import json
import statistics
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from browsing import WIDGET, chromium, missing  # noqa: E402
from playwright.sync_api import Browser, Page  # noqa: E402

from critical_friend.case import Case, Evidence  # noqa: E402
from critical_friend.guidance import load  # noqa: E402
from critical_friend.guidance.catalogue import catalogue  # noqa: E402
from critical_friend.reading import Reader  # noqa: E402

LOADS, TURNS = 7, 30
DEEP_CHAT = ROOT / "widget" / "node_modules" / "deep-chat" / "dist" / "deepChat.bundle.js"
GUIDANCE = load()
READING = Reader(GUIDANCE).read(Case().note([Evidence("guardian_angel", "no", "nobody covers for us")]))
ANSWERS: dict[str, Any] = {
    "/api/guidance": catalogue(GUIDANCE),
    "/api/conversations": {"conversation": "c", "token": "t"},
    "/api/conversations/c/messages": [{"text": "I heard that.", "buttons": [], "custom": READING}],
    "/api/conversations/c": {"transcript": [], "reading": READING},
    "/plain": {"text": "I heard that."},
}
PAGES = {
    "/ours": "<!doctype html><html lang=en><body><critical-friend display=page server=''></critical-friend>",
    "/theirs": "<!doctype html><html lang=en><body><deep-chat></deep-chat>",
}
#: From the script's last byte to the frame after the one in which the open panel is drawn.
FIRST_PAINT = """async ([script, tag, open]) => {
    sessionStorage.setItem('critical-friend ', '{"agreed": true}');
    const frame = () => new Promise(on => requestAnimationFrame(on));
    const element = document.createElement('script');
    element.type = 'module';
    element.src = script;
    document.head.append(element);
    await customElements.whenDefined(tag);
    while (!document.querySelector(tag).shadowRoot?.querySelector(open)?.checkVisibility()) await frame();
    await frame();
    return performance.now() - performance.getEntriesByName(new URL(script, location).href)[0].responseEnd;
}"""
#: From sending to the frame after the reply is there, less what the request itself took.
TURN = """async ([kind, n]) => {
    const rest = () => new Promise(on => setTimeout(on, 80));
    const tag = document.querySelector(kind === 'ours' ? 'critical-friend' : 'deep-chat');
    const root = tag.shadowRoot;
    const which = kind === 'ours' ? 'li.bot' : '.ai-message';
    const heard = one => one.textContent.includes('I heard that');
    const count = () => [...root.querySelectorAll(which)].filter(heard).length;
    const out = [];
    for (let i = 0; i < n; i++) {
        const before = count();
        window.server = 0;
                const there = new Promise(on => {
            const look = new MutationObserver(() => {
                if (count() <= before) return;
                look.disconnect();
                on();
            });
            look.observe(root, {childList: true, subtree: true, attributes: true});
        });
        const start = performance.now();
        if (kind === 'ours') {
            const input = root.querySelector('#message');
            input.value = 'nobody covers for us';
            root.querySelector('form').requestSubmit();
        } else {
            tag.submitUserMessage({text: 'nobody covers for us'});
        }
        await there;
        root.host.getBoundingClientRect();  // style and layout are part of it
        out.push(performance.now() - start - window.server);
        await rest();  // so that neither refuses the next as too soon
    }
    return out;
}"""
#: The time that requests take, from asking to having the body.
CLOCK = """window.server = 0;
const real = window.fetch;
window.fetch = async (...of) => {
    const at = performance.now();
    const answer = await real(...of);
    const body = await answer.clone().arrayBuffer();
    window.server += performance.now() - at;
    return new Response(body, {status: answer.status, headers: answer.headers});
};"""


class Handler(BaseHTTPRequestHandler):
    """Answers from memory."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """A page, a script or an answer."""
        self._answer()

    def do_POST(self) -> None:
        """An answer, whatever was said."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._answer()

    def _answer(self) -> None:
        path = self.path
        if path in PAGES:
            body, kind = PAGES[path].encode(), "text/html"
        elif path in ("/widget.js", "/deep-chat.js"):
            body, kind = (WIDGET if path == "/widget.js" else DEEP_CHAT).read_bytes(), "text/javascript"
        else:
            body, kind = json.dumps(ANSWERS.get(path, {})).encode(), "application/json"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def measure(browser: Browser, url: str, kind: str) -> tuple[list[float], list[float]]:
    """First paints after the script has loaded, and what turns add, in milliseconds."""
    how = {
        "ours": ["/widget.js", "critical-friend", ".panel .composer"],
        "theirs": ["/deep-chat.js", "deep-chat", "#text-input"],
    }[kind]
    paints = []
    page: Page | None = None
    for _ in range(LOADS):
        if page:
            page.close()
        page = browser.new_page()
        page.goto(f"{url}/{kind}")
        page.evaluate(CLOCK)
        paints.append(page.evaluate(FIRST_PAINT, how))
    assert page
    if kind == "theirs":
        page.evaluate(
            """() => { document.querySelector('deep-chat').connect = {handler: async (body, signals) => {
                const answer = await fetch('/plain', {method: 'POST', body: JSON.stringify(body)});
                signals.onResponse(await answer.json()); }}; }"""
        )
        page.wait_for_timeout(500)
    else:
        page.locator(".panel[data-now=ready]").wait_for()
    turns = page.evaluate(TURN, [kind, TURNS + 2])[2:]  # the first ones open the conversation
    page.close()
    return paints, turns


def main() -> None:
    """Measure both and print the table."""
    reason = missing() or (
        None if DEEP_CHAT.is_file() else f"{DEEP_CHAT.name} is not there (run 'make setup')"
    )
    if reason:
        raise SystemExit(f"The widget was not measured: {reason}.")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    with chromium() as browser:
        measured = {kind: measure(browser, url, kind) for kind in ("ours", "theirs")}
    server.shutdown()
    print("\n| widget | script to first paint | a turn adds | of the script, kB |")
    print("| --- | --- | --- | --- |")
    for kind, name, file in (("ours", "critical-friend", WIDGET), ("theirs", "deep-chat", DEEP_CHAT)):
        paint, turn = (statistics.median(times) for times in measured[kind])
        print(f"| {name} | {paint:.0f} ms | {turn:.1f} ms | {file.stat().st_size / 1000:.0f} |")
    (our_paint, our_turn), (their_paint, their_turn) = (
        [statistics.median(times) for times in measured[kind]] for kind in ("ours", "theirs")
    )
    print(f"| ours : theirs | {our_paint / their_paint:.2f} | {our_turn / their_turn:.2f} | |")


if __name__ == "__main__":
    main()
