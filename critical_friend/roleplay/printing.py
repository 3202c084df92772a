"""A script on paper: for a session around a table, with a trainer who plays the others."""

from __future__ import annotations

from collections.abc import Iterator

from critical_friend.roleplay import words
from critical_friend.roleplay.drawing import title_of
from critical_friend.roleplay.model import Condition, Effect, Line, Move, Script


def printed(script: Script) -> str:
    """The whole script as Markdown."""
    return "\n".join(_all(script)) + "\n"


def _all(script: Script) -> Iterator[str]:
    yield f"# {script.title}\n"
    yield f"*{words.level(script.level)}, about {script.minutes} minutes.* {script.about}\n"
    yield f"**For the trainee:** {script.you}\n"
    yield "## Who is who\n"
    for person in script.cast.values():
        yield (
            f"- **{person.name}**, {person.position}. Wants: {person.wants} Worries: {person.worries} "
            f"Would be moved by: {person.moved_by} Starts {person.starts}."
        )
    yield "\n## What can be learnt\n"
    for goal in script.goals.values():
        yield f"- **{goal.name}** ({goal.enough} points are enough)"
    yield f"\nThe talk takes at most {script.clock.turns} turns. When time is up:\n"
    yield from _lines(script, script.clock.says)
    for number, scene in enumerate(script.scenes.values(), 1):
        yield f"\n## {number}. {scene.title}\n"
        yield from _lines(script, scene.says)
        yield f"\n*Hint, if needed:* {scene.hint}\n"
        for move in scene.moves:
            yield from _move(script, move)
        for after in scene.after:
            yield f"\n**After {after.turns} turns here{_when(script, after.effect.when)}:**\n"
            yield from _effect(script, after.effect)
    if script.anywhere:
        yield "\n## At any time\n"
        for move in script.anywhere:
            yield from _move(script, move)
    yield "\n## How it can end\n"
    for ending in script.endings.values():
        yield f"### {ending.title}\n"
        yield from _lines(script, ending.says)
        yield f"{ending.tells}\n"


def _move(script: Script, move: Move) -> Iterator[str]:
    yield f"\n### {move.button}{_when(script, move.when)}\n"
    yield f"*That is: {move.means}.* For example: “{move.examples[0]}”\n"
    for effect in move.effects:
        if len(move.effects) > 1:
            when = _when(script, effect.when).removeprefix(", when ")
            yield f"*{f'When {when}' if when else 'Otherwise'}:*\n"
        yield from _effect(script, effect)


def _effect(script: Script, effect: Effect) -> Iterator[str]:
    yield from _lines(script, effect.says)
    notes = [f"{script.cast[who].name}: {change}" for who, change in effect.stance.items()]
    notes += [f"{script.goals[goal].name}: {points:+d}" for goal, points in effect.points.items()]
    if effect.goes:
        notes.append(f"go to “{title_of(script, effect.goes)}”")
    if notes:
        yield f"→ {'; '.join(notes)}. {effect.why}".rstrip() + "\n"


def _lines(script: Script, lines: tuple[Line, ...]) -> Iterator[str]:
    for line in lines:
        if line.who is None:
            yield f"*{line.text['']}*\n"
            continue
        for stance, text in line.text.items():
            about = f" ({stance})" if stance else ""
            yield f"> **{script.cast[line.who].name}**{about}: {text}\n"


def _when(script: Script, when: Condition) -> str:
    parts = [f"{script.cast[who].name} is {' or '.join(wanted)}" for who, wanted in when.stances.items()]
    parts += [f"they did “{script.every_move[id_].button}”" for id_ in when.done]
    parts += [f"they did not “{script.every_move[id_].button}”" for id_ in when.not_done]
    return f", when {' and '.join(parts)}" if parts else ""
