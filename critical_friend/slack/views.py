"""The Home tab and the modals."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from critical_friend.slack import blocks
from critical_friend.slack.blocks import Block, Choice
from critical_friend.slack.places import Place
from critical_friend.slack.rendering import LONGEST_QUOTE, Names, Reading, drawn, headline, value, where
from critical_friend.slack.texts import clipped, escaped
from critical_friend.slack.words import words

RHYTHMS = (0, 7, 14, 28)
SCOPES = ("thread", "channel")
ANSWERS = ("yes", "no", "unknown")
WITHDRAW, LEAVE = "withdraw", "leave"
#: So much of a message is noted; a modal carries 3,000 characters with it in all.
LONGEST_NOTE = 2_000


def home(cases: Sequence[tuple[Place, Reading, str | None]], names: Names) -> Block:
    """The Home tab: each case with its map as blocks and a picture (the id of its file, if there is one)."""
    made: list[Block] = [blocks.header(words("home_title"))]
    if not cases:
        return blocks.home([*made, *blocks.said(words("home_none"))])
    for shown, (place, reading, file) in enumerate(cases):
        case = _case(place, reading, file, names)
        if len(made) + len(case) > blocks.VIEW_BLOCKS - 1:
            made.append(blocks.context(words("home_more", number=len(cases) - shown)))
            break
        made.extend(case)
    return blocks.home(made)


def _case(place: Place, reading: Reading, file: str | None, names: Names) -> list[Block]:
    line = headline(reading, names)
    made = [
        blocks.divider(),
        blocks.section(f"*{where(place)}*\n{escaped(line)}"),
        *drawn(reading, names)[: blocks.VIEW_BLOCKS // 4],
    ]
    if file and reading["phase"]["id"]:
        made.append(blocks.picture(file, words("home_picture", headline=line)))
    offered = [Choice(words("button_rehearse"), value(place), "rehearse")]
    if reading["signals"]:
        offered = [
            Choice(words("button_correct"), value(place), "correct"),
            Choice(words("button_brief"), value(place), "brief"),
            *offered,
        ]
    return [*made, *blocks.choices(offered)]


def correct(place: Place, reading: Reading, names: Names, by: str, thread: str | None) -> Block:
    """What was noted, to be put right by ``by``. Their own view can be changed; others' is shown."""
    made = blocks.said(words("correct_intro"))
    for signal, known in reading["signals"].items():
        views = [_view(piece, by) for piece in known["evidence"]]
        own = any(piece.get("by") == by for piece in known["evidence"])
        options = [blocks.option(words(f"correct_{answer}"), answer) for answer in ANSWERS]
        if own:
            options.append(blocks.option(words("correct_withdraw"), WITHDRAW))
        leave = blocks.option(words("correct_leave"), LEAVE)
        made.append(
            blocks.select(
                signal,
                words("correct_label", name=names.name("signals", signal)),
                [leave, *options],
                leave,
                " ".join(views),
            )
        )
    if not reading["signals"]:
        made = blocks.said(words("correct_nothing"))
    private = json.dumps({"c": place.id, "t": thread})
    return blocks.modal(words("correct_title"), "correct", made, private, bool(reading["signals"]))


def _view(piece: Mapping[str, Any], by: str) -> str:
    named = words(f"value_{piece['value']}")
    if piece.get("by") == by:
        return words("correct_yours", value=named)
    return words(
        "correct_theirs",
        by=piece.get("by") or words("somebody_new"),
        value=named,
        quote=clipped(piece["text"], LONGEST_QUOTE),
    )


def corrections(view: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What was changed in a saved modal: pairs of a signal and an answer."""
    return [(signal, answer) for signal, answer in _chosen(view) if answer in (*ANSWERS, WITHDRAW)]


def note(said: Mapping[str, str], author: str, cases: Sequence[tuple[str, str]]) -> Block:
    """Which case something that ``author`` wrote is noted for. ``said`` comes back when it is saved."""
    quote = clipped(said["text"], LONGEST_QUOTE)
    options = [blocks.option(title, id_) for id_, title in cases]
    made = [
        *blocks.said(words("note_intro", author=author, quote=quote)),
        blocks.select("case", words("note_which"), options, options[0]),
    ]
    return blocks.modal(words("note_title"), "note", made, json.dumps(said, ensure_ascii=False))


def settings(channel: str, rhythm: int, scope: str | None, place: int | None) -> Block:
    """Check-ins, and what one case is (``scope`` is ``None`` in a direct message)."""
    rhythms = {days: blocks.option(words(f"rhythm_name_{days}"), str(days)) for days in RHYTHMS}
    made = [blocks.select("rhythm", words("settings_rhythm"), list(rhythms.values()), rhythms.get(rhythm))]
    if scope is None:
        made.extend(blocks.said(words("settings_direct")))
    else:
        scopes = {name: blocks.option(words(f"scope_{name}"), name) for name in SCOPES}
        made.append(blocks.select("scope", words("settings_scope"), list(scopes.values()), scopes[scope]))
    private = json.dumps({"channel": channel, "c": place})
    return blocks.modal(words("settings_title"), "settings", made, private)


def notice(title: str, text: str) -> Block:
    """A modal that only says ``text``."""
    return blocks.modal(title, "notice", blocks.said(text), "", False)


def chosen(view: Mapping[str, Any]) -> dict[str, str]:
    """What was chosen in a saved modal, by block."""
    return dict(_chosen(view))


def _chosen(view: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (block, state["chosen"]["selected_option"]["value"])
        for block, state in view["state"]["values"].items()
        if state.get("chosen", {}).get("selected_option")
    ]
