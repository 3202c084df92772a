"""Block Kit within Slack's limits: what is made here cannot be over them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from critical_friend.slack.texts import clipped, escaped, pieces
from critical_friend.slack.words import words

Block = dict[str, Any]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
SECTION = 3_000
FIELD, FIELDS = 2_000, 10
BUTTON = 75
VALUE = 2_000
ACTIONS = 25
CONTEXT = 10
HEADER = 150
ALT = 2_000
TITLE = 24
LABEL = 2_000
OPTION = 75
OPTIONS = 100
PRIVATE = 3_000
#: Slack advises at most 4,000 characters in a message and cuts after 40,000; more is sent as several.
TEXT = 3_900
LONGEST_TEXT = 39_000


@dataclass(frozen=True)
class Choice:
    """A button: what stands on it, and the ``value`` that comes back under ``action``."""

    title: str
    value: str
    action: str = "say"


def plain(text: str, most: int) -> Block:
    """A plain text object: nothing in it is markup, an emoji or a mention."""
    return {"type": "plain_text", "text": clipped(text, most) or "…", "emoji": False}


def markdown(text: str, most: int = SECTION) -> Block:
    """A text object in Slack's markup. What is not ours has to be escaped before."""
    return {"type": "mrkdwn", "text": clipped(text, most) or "…"}


def said(text: str) -> list[Block]:
    """Sections of plain text, as many as it takes."""
    return [{"type": "section", "text": plain(piece, SECTION)} for piece in pieces(text, SECTION)]


def section(text: str) -> Block:
    """One section in Slack's markup."""
    return {"type": "section", "text": markdown(text)}


def fields(texts: Iterable[str]) -> list[Block]:
    """Short texts side by side."""
    every = [markdown(text, FIELD) for text in texts]
    return [{"type": "section", "fields": every[n : n + FIELDS]} for n in range(0, len(every), FIELDS)]


def header(text: str) -> Block:
    """A heading."""
    return {"type": "header", "text": plain(text, HEADER)}


def context(*texts: str) -> Block:
    """Small print, as plain text."""
    return {"type": "context", "elements": [plain(text, SECTION) for text in texts[:CONTEXT]]}


def divider() -> Block:
    """A line."""
    return {"type": "divider"}


def picture(file: str, alt: str) -> Block:
    """An image that was uploaded before."""
    return {"type": "image", "slack_file": {"id": file}, "alt_text": clipped(alt, ALT)}


def choices(offered: Sequence[Choice]) -> list[Block]:
    """Rows of buttons. One whose value is too long for Slack is left out: half of it would be wrong."""
    fit = [choice for choice in offered if len(choice.value) <= VALUE]
    buttons = [
        {
            "type": "button",
            "action_id": f"{choice.action}:{number}",
            "text": plain(choice.title, BUTTON),
            "value": choice.value,
        }
        for number, choice in enumerate(fit)
    ]
    return [
        {"type": "actions", "elements": buttons[n : n + ACTIONS]} for n in range(0, len(buttons), ACTIONS)
    ]


def option(text: str, value: str) -> Block:
    """One of a list to choose from."""
    return {"text": plain(text, OPTION), "value": value}


def select(
    block: str, label: str, options: Sequence[Block], chosen: Block | None = None, hint: str = ""
) -> Block:
    """A list to choose from, in a modal."""
    element: Block = {"type": "static_select", "action_id": "chosen", "options": list(options[:OPTIONS])}
    if chosen is not None:
        element["initial_option"] = chosen
    made: Block = {
        "type": "input",
        "block_id": block,
        "label": plain(label, LABEL),
        "element": element,
    }
    if hint:
        made["hint"] = plain(hint, LABEL)
    return made


def modal(title: str, callback: str, blocks: Sequence[Block], private: str, submit: bool = True) -> Block:
    """A modal. ``private`` comes back when it is saved."""
    view: Block = {
        "type": "modal",
        "callback_id": callback,
        "title": plain(title, TITLE),
        "close": plain(words("cancel"), TITLE),
        "blocks": list(blocks[:VIEW_BLOCKS]),
        "private_metadata": private,
    }
    if submit:
        view["submit"] = plain(words("submit"), TITLE)
    return view


def home(blocks: Sequence[Block]) -> Block:
    """The Home tab."""
    return {"type": "home", "blocks": list(blocks[:VIEW_BLOCKS])}


@dataclass(frozen=True)
class Post:
    """One message: its blocks, and the same in plain words for notifications and screen readers."""

    text: str
    blocks: list[Block]


@dataclass
class Letter:
    """Collects what is to be said and parts it into messages within the limits."""

    _posts: list[Post] = field(default_factory=list)
    _texts: list[str] = field(default_factory=list)
    _blocks: list[Block] = field(default_factory=list)

    def add(self, text: str, blocks: Sequence[Block]) -> None:
        """Add ``blocks`` and what they say in plain words. They stay together where they fit."""
        text = clipped(escaped(text), LONGEST_TEXT)
        for start in range(0, len(blocks), MESSAGE_BLOCKS):
            some = blocks[start : start + MESSAGE_BLOCKS]
            too_many = len(self._blocks) + len(some) > MESSAGE_BLOCKS
            if too_many or sum(map(len, self._texts)) + len(text) > TEXT:
                self._close()
            self._blocks.extend(some)
            self._texts.append(text)

    def say(self, text: str, offered: Sequence[Choice] = (), shown: Sequence[Block] | None = None) -> None:
        """A text with the choices that belong to it. ``shown`` are its blocks, plain sections by default."""
        if shown is None or (len(text) > SECTION and all(block["type"] == "section" for block in shown)):
            parts = pieces(text, SECTION)
            for part in parts[:-1]:
                self.add(part, said(part))
            text = parts[-1] if parts else ""
            shown = said(text)
        if offered:
            listed = words("choices", list="; ".join(choice.title for choice in offered))
            self.add(f"{text}\n{listed}", [*shown, *choices(offered)])
        elif shown:
            self.add(text, shown)

    def _close(self) -> None:
        if self._blocks:
            self._posts.append(Post("\n".join(self._texts) or "…", self._blocks))
        self._texts, self._blocks = [], []

    def posts(self) -> list[Post]:
        """The messages."""
        self._close()
        return self._posts
