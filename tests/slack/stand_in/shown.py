"""What stands in a message or a view, for tests to look at."""

from __future__ import annotations

from typing import Any


def button_titles(shown: dict[str, Any]) -> list[str]:
    """What stands on the buttons of a message or a view."""
    rows = [block for block in shown.get("blocks", ()) if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row["elements"]]


def words_in(shown: dict[str, Any]) -> str:
    """All words in a message or a view: its text, and those of its blocks."""
    found: list[str] = [shown.get("text", "")] if isinstance(shown.get("text"), str) else []

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            if part.get("type") in ("plain_text", "mrkdwn"):
                found.append(part["text"])
            for value in part.values():
                walk(value)
        elif isinstance(part, list):
            for value in part:
                walk(value)

    walk(shown.get("blocks", []))
    walk(shown.get("title", {}))
    return "\n".join(found)
