"""Moves are heard in wordings that no author of a script has seen, as often as is aimed at."""

from __future__ import annotations

from benchmarks.roleplay import Counts, measure, wordings
from critical_friend.roleplay.loader import default_folder, load
from critical_friend.roleplay.matching import Matcher
from critical_friend.roleplay.meaning import Remembering
from critical_friend.understanding.sentences import encoder


def test_the_intended_move_is_heard_and_seldom_another(guidance):
    total, found = Counts(), Remembering(encoder())
    for file in sorted(default_folder().glob("*.yml")):
        script = load(file, guidance)
        total.add(measure(script, Matcher(script, found), wordings(script)))
    assert total.total >= 200
    assert total.first / total.total >= 0.85
    assert total.wrong / total.total <= 0.04, total.mistakes
