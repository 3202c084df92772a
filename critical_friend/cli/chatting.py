"""The conversation in a terminal, over the same HTTP interface as every other client."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import Any

import requests
from rich.console import Console
from rich.markup import escape

from critical_friend.cli.serving import ServingError, healthy, servers


class ChatError(Exception):
    """The talk cannot go on; the message says why and what to do."""


def chat(url: str | None = None) -> None:
    """Talk until the end of input, Ctrl-C or 'quit'."""
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
        talk = Conversation(url)
        console.print(
            "Tell me how your work with other agencies is going. A number picks a choice; 'quit' ends.\n"
        )
        _loop(console, talk)
        talk.close()


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


class Conversation:
    """One conversation over HTTP."""

    def __init__(self, url: str) -> None:
        self._url = f"{url.rstrip('/')}/api/conversations"
        self._session = requests.Session()
        opened = self._call("POST", "")
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
            raise ChatError(detail)
        return answer.json() if answer.content else None
