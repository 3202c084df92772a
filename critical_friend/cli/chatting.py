"""The conversation in a terminal, over the same HTTP interface as every other client."""

from __future__ import annotations

import json
import os
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import click
import requests
from rich.console import Console
from rich.markdown import Markdown
from rich.markup import escape

from critical_friend.brief import FORMS
from critical_friend.cli.serving import ServingError, healthy, servers

OPENING = (
    "Kia ora. Tell me in your own words how your work with other agencies is going. I am a set of rules and "
    "not a person. Please leave out the names of clients."
)
TAKEN_UP = (
    "Kia ora again. I still have what you told me. 'critical-friend chat --new' deletes that and begins "
    "another talk."
)
HOW_TO = (
    "A number picks a choice, '/brief' shows a page to hand on ('/brief FILE.html' keeps it), and 'quit' "
    "ends. Your talk is kept for when you come back. 'Forget this' deletes it.\n"
)


#: What the server answers when a talk is no longer there.
GONE = (401, 403, 404, 410)


class ChatError(Exception):
    """The talk cannot go on; the message says why and what to do. ``status`` is what the server answered."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


def chat(url: str | None = None, *, new: bool = False) -> None:
    """Talk until the end of input, Ctrl-C or 'quit'.

    The talk is taken up where it was left; ``new`` deletes it and begins another.
    """
    console = Console(highlight=False)
    with ExitStack() as stack:
        if url is None:
            url = f"http://127.0.0.1:{os.environ.get('PORT', '5005')}"
            if not healthy(url):
                console.print("Starting up, about 20 seconds …")
                try:
                    url = stack.enter_context(servers())
                except ServingError as error:
                    raise ChatError(str(error)) from None
        talk, taken_up = _talk_at(url, new)
        console.print(TAKEN_UP if taken_up else OPENING)
        console.print(HOW_TO)
        _loop(console, talk)


def _talk_at(url: str, new: bool) -> tuple[Conversation, bool]:
    """The talk with the server at ``url``, and whether it was begun before. Where it is, and the token that
    opens it, are kept in a file that only the user can read."""
    file = Path(click.get_app_dir("critical-friend")) / "talks.json"
    kept: dict[str, list[str]] = {}
    with suppress(OSError, ValueError):  # none yet, or not readable: then there is no earlier talk
        kept = json.loads(file.read_text(encoding="utf-8"))
    if url in kept:
        talk = Conversation(url, *kept[url])
        try:
            if not new:
                talk.read()
                return talk, True
            talk.close()
        except ChatError as error:
            if error.status not in GONE:  # it is still there, so it must not be put aside for a new one
                raise
    talk = Conversation(url)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(json.dumps({**kept, url: [talk.id, talk.token]}), encoding="utf-8")
    return talk, False


def _loop(console: Console, talk: Conversation) -> None:
    buttons: list[dict[str, str]] = []
    while True:
        try:
            typed = console.input("[bold]you>[/] ").strip()
        except (EOFError, KeyboardInterrupt):
            console.print()
            return
        if typed.lower() in ("quit", "exit"):
            return
        if not typed:
            continue
        if typed.split()[0].lower() == "/brief":
            _brief(console, talk, typed[len("/brief") :].strip())
            continue
        chosen = buttons[int(typed) - 1] if typed.isdigit() and 0 < int(typed) <= len(buttons) else None
        try:
            replies = talk.say(chosen["title"], chosen["payload"]) if chosen else talk.say(typed)
        except ChatError as error:
            console.print(f"[red]{escape(str(error))}[/]")
            continue
        buttons = []
        for reply in replies:
            console.print(f"\n{escape(reply['text'])}")
            for button in reply["buttons"]:
                buttons.append(button)
                console.print(f"  [dim]{len(buttons)}[/] {escape(button['title'])}")
        console.print()


def _brief(console: Console, talk: Conversation, file: str) -> None:
    """Print the brief, or keep it in ``file``, whose ending says in which form."""
    path = Path(file or "brief.md")
    form = path.suffix.removeprefix(".").lower()
    if form not in FORMS:
        console.print(f"[red]I can keep it as {', '.join(f'.{name}' for name in FORMS)}.[/]")
        return
    try:
        text = talk.brief(form)
        if file:
            path.write_text(text, encoding="utf-8")
    except (ChatError, OSError) as error:
        console.print(f"[red]{escape(str(error))}[/]")
        return
    console.print(f"It is in {escape(str(path.resolve()))}" if file else Markdown(text))


class Conversation:
    """One conversation over HTTP."""

    def __init__(self, url: str, id_: str | None = None, token: str | None = None) -> None:
        """A new conversation, or the one with that id, which ``token`` opens."""
        self._url = f"{url.rstrip('/')}/api/conversations"
        self._session = requests.Session()
        opened = {"conversation": id_, "token": token} if id_ and token else self._call("POST", "")
        self.id, self.token = opened["conversation"], opened["token"]
        self._session.headers["Authorization"] = f"Bearer {self.token}"

    def say(self, text: str, payload: str | None = None, by: str | None = None) -> list[dict[str, Any]]:
        """One turn: the replies."""
        body = {"text": text, "payload": payload, "by": by}
        replies: list[dict[str, Any]] = self._call(
            "POST", f"/{self.id}/messages", {k: v for k, v in body.items() if v is not None}
        )
        return replies

    def read(self) -> dict[str, Any]:
        """The transcript and the reading."""
        read: dict[str, Any] = self._call("GET", f"/{self.id}")
        return read

    def brief(self, form: str) -> str:
        """The brief in that form."""
        return str(self._call("GET", f"/{self.id}/brief.{form}"))

    def close(self) -> None:
        """Delete what is kept of it."""
        self._call("DELETE", f"/{self.id}")

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        try:
            answer = self._session.request(method, self._url + path, json=body, timeout=60)
        except requests.RequestException as error:
            raise ChatError(
                f"The server at {self._url} does not answer ({type(error).__name__}). "
                "Is it running? Start it with 'make run'."
            ) from None
        if not answer.ok:
            try:
                detail = answer.json()["detail"]
            except (ValueError, KeyError):
                detail = f"The server answered with {answer.status_code}."
            raise ChatError(detail, answer.status_code)
        if not answer.headers.get("Content-Type", "").startswith("application/json"):
            return answer.text
        return answer.json()
