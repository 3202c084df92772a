"""From what the pipeline heard in a message to what the dialogue takes in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from critical_friend.dialogue.turn import Hearing, Said


def from_parse(parse: Mapping[str, Any], text: str, metadata: Mapping[str, Any] | None = None) -> Said:
    """The message as ``Said``.

    ``parse`` is the pipeline's output: ``intent`` (with ``name``) and ``signals``, a list of
    ``{"signal", "value", "confidence", "start", "end", "sure"}`` with character places in ``text``.
    ``metadata`` may hold ``button``, ``by`` and ``at``.
    """
    about = metadata or {}
    hearings = tuple(
        Hearing(h["signal"], h["value"], text[h["start"] : h["end"]].strip(), h["sure"])
        for h in sorted(parse.get("signals") or (), key=lambda h: -h["confidence"])
    )
    return Said(
        text,
        (parse.get("intent") or {}).get("name") or "out_of_scope",
        hearings,
        about.get("button"),
        about.get("by"),
        about.get("at"),
    )
