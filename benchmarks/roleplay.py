"""Measures how moves are heard in rehearsals, on wordings that no author of a script has seen.

    python -m benchmarks.roleplay [--left-out] [FILE …]

Reads tests/roleplay/wordings.yml (script → scene → move → wordings; the move ``none`` for what fits
nothing) and prints Markdown. With --left-out it leaves out each example of the scripts in turn instead;
thresholds and weights in ``critical_friend/roleplay/matching.py`` are set by that, never by the wordings.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml

from critical_friend.guidance import load as load_guidance
from critical_friend.roleplay.engine import NOTHING, State, start
from critical_friend.roleplay.loader import default_folder, load
from critical_friend.roleplay.matching import Matcher
from critical_friend.roleplay.meaning import Remembering
from critical_friend.roleplay.model import ALWAYS, Script
from critical_friend.understanding.sentences import encoder

WORDINGS = Path(__file__).resolve().parents[1] / "tests" / "roleplay" / "wordings.yml"
NONE = "none"


@dataclass
class Counts:
    """What became of so many wordings. ``aside`` are those that fit no move."""

    total: int = 0
    first: int = 0
    acted: int = 0
    wrong: int = 0
    asked: int = 0
    unheard: int = 0
    aside: int = 0
    aside_acted: int = 0
    mistakes: list[str] = field(default_factory=list)

    def add(self, other: Counts) -> None:
        """Add up."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    def row(self, name: str) -> str:
        """As a row of the table."""
        shares = (self.first, self.acted - self.wrong, self.wrong, self.asked, self.unheard)
        return f"| {name} | {self.total} | " + " | ".join(_percent(n, self.total) for n in shares) + " |"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


Wording = tuple[str, str, str, str | None]


def wordings(script: Script) -> Iterator[Wording]:
    """Scene, move and wording from the set that is kept apart."""
    data = yaml.safe_load(WORDINGS.read_text(encoding="utf-8"))
    for scene, moves in data.get(script.id, {}).items():
        for move, texts in moves.items():
            yield from ((scene, move, text, None) for text in texts)


def left_out(script: Script) -> Iterator[Wording]:
    """Scene, move and wording from the script's own examples, each to be left out of them."""
    for scene in script.scenes.values():
        for move in scene.moves:
            yield from ((scene.id, move.id, example, example) for example in move.examples)


def standing(script: Script, scene: str, move: str) -> State:
    """The play as it stands in a scene, with all that the move needs so that it can be made."""
    state = replace(start(script), scene=scene)
    needs = script.every_move[move].when if move != NONE else ALWAYS
    stances = {who: needs.stances.get(who, (stance,))[0] for who, stance in state.stances.items()}
    return replace(state, stances=stances, done=frozenset(needs.done))


def measure(script: Script, matcher: Matcher, told: Iterator[Wording]) -> Counts:
    """What becomes of each wording, heard as a turn of the play is: also among what comes next and asides."""
    counts = Counts()
    for scene, move, text, without in told:
        state = standing(script, scene, move)
        ranked = matcher.weigh(state, text, without)
        heard = matcher.hear(state, text, without).heard
        acted = heard in script.every_move
        if move == NONE:
            counts.aside += 1
            counts.aside_acted += acted
            continue
        counts.total += 1
        counts.first += ranked[0].move == move
        counts.acted += acted
        counts.wrong += acted and heard != move
        counts.unheard += heard == NOTHING
        counts.asked += not acted and heard != NOTHING
        if acted and heard != move:
            counts.mistakes.append(f"{script.id}, {scene}: “{text}” was taken for {heard}, and meant {move}")
    return counts


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.roleplay")
    parser.add_argument("--left-out", action="store_true", help="leave out each example in turn instead")
    parser.add_argument("files", nargs="*", type=Path)
    asked = parser.parse_args()
    guidance, found, total = load_guidance(), Remembering(encoder()), Counts()
    print("| scenario | wordings | first | acted on rightly | acted on wrongly | asked | not heard |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for file in asked.files or sorted(default_folder().glob("*.yml")):
        script = load(file, guidance)
        matcher = Matcher(script, found)
        counts = measure(script, matcher, (left_out if asked.left_out else wordings)(script))
        total.add(counts)
        print(counts.row(script.title), flush=True)
    print(total.row("all"))
    if total.aside:
        print(f"\nOf {total.aside} wordings that fit no move, {total.aside_acted} were acted on.")
    started = time.perf_counter()
    for number in range(20):
        matcher.hear(start(script), f"Could you tell me number {number} of what you need?")
    print(f"\nHearing takes {(time.perf_counter() - started) * 50:.1f} ms a turn here.")
    print("\n".join(f"- {mistake}" for mistake in total.mistakes))


if __name__ == "__main__":
    main()
