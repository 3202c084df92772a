"""The small cases about the order of steps say what the files of the guidance say, not what the program does.

They are held to the YAML itself: the urgency of rules, the classes of ranking.yml, the priorities of phases.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from critical_friend.guidance import default_folder

CASES = Path(__file__).parents[1] / "cases" / "rules"


def read(file):
    return yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader)


FILES = [read(file) for file in sorted(default_folder().rglob("*.yml"))]
STEPS = [step["id"] for file in FILES for step in file.get("steps", ())]
RULES = [rule for file in FILES for rule in file.get("rules", ())]
PHASES = next(file["phases"] for file in FILES if "phases" in file)
CLASSES = [item["id"] for item in next(file["urgency"] for file in FILES if "urgency" in file)]
#: What each sentence says: these classes of urgency, in this order.
SAYS = {
    "The law and public accountability come before all else.": ("safeguard", "direction"),
    "The right way of working comes before what helps the wrong one.": ("direction", "rescue"),
    "What may soon be lost comes before a gap in the roles.": ("rescue", "role"),
    "A missing role comes before a difference of views.": ("role", "difference"),
    "A difference is talked about before the bonds are worked on.": ("difference", "bond"),
    "What holds the group together comes before what keeps it going.": ("bond", "support"),
    "What stands in the way comes before what the phase asks for next.": ("constraint", "phase"),
    "What the phase asks for comes before upkeep.": ("phase", "upkeep"),
}
BY_CLASS, EQUAL = read(CASES / "order.yml"), read(CASES / "equal-urgency.yml")


def urgencies(step):
    """The classes by which rules advise a step."""
    return {rule["urgency"] for rule in RULES if step in rule.get("advise", ())}


@pytest.mark.parametrize("case", BY_CLASS, ids=lambda case: " > ".join(case["expect"]["in_order"]))
def test_by_urgency(case):
    first, second = SAYS[case["why"]]
    assert CLASSES.index(first) < CLASSES.index(second)
    before, after = case["expect"]["in_order"]
    assert first in urgencies(before) and second in urgencies(after)


@pytest.mark.parametrize("case", EQUAL, ids=lambda case: " > ".join(case["expect"]["in_order"]))
def test_by_priority_or_place(case):
    steps = case["expect"]["in_order"]
    assert set.intersection(*map(urgencies, steps)), "no urgency is common to them"
    places = [STEPS.index(step) for step in steps]
    if "not ranked by the phase" in case["why"]:
        assert places == sorted(places)
    else:
        ahead = [
            phase["id"]
            for phase in PHASES
            if steps[0] in phase["priorities"]
            and steps[1] not in phase["priorities"][: phase["priorities"].index(steps[0])]
        ]
        assert ahead, "no phase puts the first before the second"
