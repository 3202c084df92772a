"""What Slack refuses in blocks and views, by its documentation. Written apart from what makes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

MESSAGE, HOME, MODAL = "message", "home", "modal"
MOST_BLOCKS = {MESSAGE: 50, HOME: 100, MODAL: 100}
KINDS = {
    MESSAGE: {"section", "actions", "context", "divider", "header", "image", "rich_text"},
    HOME: {"section", "actions", "context", "divider", "header", "image", "input", "rich_text"},
    MODAL: {"section", "actions", "context", "divider", "header", "image", "input", "rich_text"},
}


def faults(blocks: Any, surface: str, files: set[str]) -> list[str]:
    """Why Slack would refuse ``blocks``; empty when it takes them. ``files`` are the images it knows."""
    if not isinstance(blocks, list):
        return ["blocks is not a list"]
    found = []
    if len(blocks) > MOST_BLOCKS[surface]:
        found.append(f"{len(blocks)} blocks, at most {MOST_BLOCKS[surface]}")
    actions: set[tuple[str, str]] = set()
    for number, block in enumerate(blocks):
        found.extend(f"/blocks/{number}: {fault}" for fault in _block(block, surface, files, actions, number))
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)):
        found.append("a block_id comes twice")
    return found


def view_faults(view: dict[str, Any], files: set[str]) -> list[str]:
    """Why Slack would refuse a view."""
    kind = view.get("type")
    if kind not in (HOME, MODAL):
        return [f"unknown type of view {kind!r}"]
    found = faults(view.get("blocks"), kind, files)
    if len(view.get("private_metadata", "")) > 3000:
        found.append("private_metadata over 3000")
    if len(view.get("callback_id", "")) > 255:
        found.append("callback_id over 255")
    if kind == MODAL:
        for name in ("title", "submit", "close"):
            if name in view:
                found.extend(_text(view[name], 24, name, ("plain_text",)))
        if "title" not in view:
            found.append("a modal needs a title")
        if "submit" not in view and any(block.get("type") == "input" for block in view["blocks"]):
            found.append("a modal with inputs needs a submit")
    return found


def _block(
    block: dict[str, Any], surface: str, files: set[str], actions: set[tuple[str, str]], number: int
) -> Iterator[str]:
    kind = block.get("type")
    if kind not in KINDS[surface]:
        yield f"a {kind!r} block has no place in a {surface}"
        return
    if len(block.get("block_id", "")) > 255:
        yield "block_id over 255"
    if kind == "section":
        if "text" not in block and not block.get("fields"):
            yield "a section needs text or fields"
        if "text" in block:
            yield from _text(block["text"], 3000, "text")
        if len(block.get("fields", [])) > 10:
            yield "more than 10 fields"
        for field in block.get("fields", []):
            yield from _text(field, 2000, "field")
    elif kind == "header":
        yield from _text(block["text"], 150, "header", ("plain_text",))
    elif kind == "context":
        if not 1 <= len(block.get("elements", [])) <= 10:
            yield "context takes 1 to 10 elements"
        for element in block.get("elements", []):
            yield from _text(element, 3000, "context")
    elif kind == "image":
        yield from _image(block, files)
    elif kind == "actions":
        if not 1 <= len(block.get("elements", [])) <= 25:
            yield "actions takes 1 to 25 elements"
        for element in block.get("elements", []):
            yield from _button(element)
            key = (block.get("block_id", str(number)), element.get("action_id", ""))
            if key in actions:
                yield f"action_id {key[1]!r} comes twice"
            actions.add(key)
    elif kind == "input":
        yield from _text(block["label"], 2000, "label", ("plain_text",))
        if "hint" in block:
            yield from _text(block["hint"], 2000, "hint", ("plain_text",))
        yield from _select(block["element"])


def _text(
    text: Any, most: int, where: str, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")
) -> Iterator[str]:
    if not isinstance(text, dict) or text.get("type") not in kinds:
        yield f"{where}: not a text object of {kinds}"
        return
    if not 1 <= len(text.get("text", "")) <= most:
        yield f"{where}: {len(text.get('text', ''))} characters, 1 to {most}"
    if set(text) - (
        {"type", "text", "emoji"} if text["type"] == "plain_text" else {"type", "text", "verbatim"}
    ):
        yield f"{where}: unknown keys {sorted(text)}"


def _image(block: dict[str, Any], files: set[str]) -> Iterator[str]:
    if not 1 <= len(block.get("alt_text", "")) <= 2000:
        yield "an image needs alt_text of at most 2000"
    if ("image_url" in block) == ("slack_file" in block):
        yield "an image needs either image_url or slack_file"
    if "slack_file" in block and block["slack_file"].get("id") not in files:
        yield "invalid slack file"


def _button(element: dict[str, Any]) -> Iterator[str]:
    if element.get("type") != "button":
        yield f"unknown element {element.get('type')!r}"
        return
    yield from _text(element["text"], 75, "button", ("plain_text",))
    if not 1 <= len(element.get("action_id", "")) <= 255:
        yield "action_id of 1 to 255"
    if len(element.get("value", "")) > 2000:
        yield "value over 2000"


def _select(element: dict[str, Any]) -> Iterator[str]:
    if element.get("type") != "static_select":
        yield f"unknown element {element.get('type')!r}"
        return
    options = element.get("options", [])
    if not 1 <= len(options) <= 100:
        yield "a select takes 1 to 100 options"
    for option in options:
        yield from _text(option["text"], 75, "option", ("plain_text",))
        if not 1 <= len(option["value"]) <= 150:
            yield "an option's value has 1 to 150 characters"
    if "initial_option" in element and element["initial_option"] not in options:
        yield "initial_option is not one of the options"


def pings(text: str) -> list[str]:
    """What in ``text`` would call people."""
    return re.findall(r"<(?:[@!][^>]*)>", text)
