"""From what the pipeline heard in a message to what the dialogue takes in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from critical_friend.dialogue.turn import Hearing, Said

#: What changes the case or ends it has to be heard with this confidence, or it counts as not understood.
CHANGING, LEAST = frozenset({"affirm", "deny", "restart", "forget"}), 0.5


def from_parse(parse: Mapping[str, Any], text: str, metadata: Mapping[str, Any] | None = None) -> Said:
    """The message as ``Said``.

    ``parse`` is the pipeline's output: ``intent`` (``name``, ``confidence``) and ``signals``, a list of
    ``{"signal", "value", "confidence", "start", "end", "sure"}`` with character places in ``text``.
    ``metadata`` may hold ``button``, ``by`` and ``at``.
    """
    about = metadata or {}
    hearings = tuple(
        Hearing(h["signal"], h["value"], text[h["start"] : h["end"]].strip(), h["sure"])
        for h in sorted(parse.get("signals") or (), key=lambda h: -h["confidence"])
    )
    intent = parse.get("intent") or {}
    name = intent.get("name") or ""
    if name in CHANGING and intent.get("confidence", 1.0) < LEAST and not about.get("button"):
        name = "tell" if any(hearing.sure for hearing in hearings) else ""
    return Said(
        text,
        name,
        hearings,
        about.get("button"),
        about.get("by"),
        about.get("at"),
    )
