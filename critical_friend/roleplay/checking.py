"""Everything that ``check`` says of a script: form and references, then walks, then meaning."""

from __future__ import annotations

from pathlib import Path

from critical_friend.guidance import positions
from critical_friend.guidance.model import Guidance
from critical_friend.roleplay.loader import examine
from critical_friend.roleplay.matching import Encoder
from critical_friend.roleplay.meaning import MeaningChecker
from critical_friend.roleplay.model import Script
from critical_friend.roleplay.problems import Problem
from critical_friend.roleplay.walking import walk

SEED, TIMES = 1, 210


def check(file: Path, guidance: Guidance, encoder: Encoder) -> tuple[Script | None, list[Problem]]:
    """The script, if it is sound so far, and every fault and warning in the order of the file."""
    script, problems = examine(file, guidance)
    if script is None or any(not problem.warning for problem in problems):
        return script, problems
    name = f"{file.parent.name}/{file.name}" if file.parent.name else file.name
    document = positions.read(file, name)
    problems += _walked(script, document)
    problems += MeaningChecker(script, document, encoder).run()
    return script, sorted(set(problems))


def _walked(script: Script, document: positions.Document) -> list[Problem]:
    """What many walks never saw, though something seems to lead there."""
    walks = walk(script, SEED, TIMES)
    found = []
    for kind, ids, seen in (
        ("scenes", script.scenes, walks.scenes),
        ("endings", script.endings, walks.endings),
    ):
        for n, id_ in enumerate(ids):
            if not seen[id_]:
                found.append(
                    Problem(
                        document.file,
                        document.line((kind, n)),
                        "never-seen",
                        f"In {TIMES} walks nobody came to '{id_}'.",
                        "Look at the conditions ('when') of what leads there.",
                        warning=True,
                    )
                )
    for n, goal in enumerate(script.goals.values()):
        if walks.most(goal.id) < goal.enough:
            found.append(
                Problem(
                    document.file,
                    document.line(("goals", n)),
                    "hard-to-score",
                    f"In {TIMES} walks nobody reached {goal.enough} for '{goal.id}'; "
                    f"{walks.most(goal.id)} was the most.",
                    "Give more points for it on one way through, or ask for less.",
                    warning=True,
                )
            )
    return found
