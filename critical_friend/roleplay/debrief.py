"""After the play: what worked and why, what was missed, where it turned, and one thing to try."""

from __future__ import annotations

from dataclasses import dataclass

from critical_friend.guidance.model import Guidance
from critical_friend.roleplay import words
from critical_friend.roleplay.engine import Moment, State
from critical_friend.roleplay.model import Ending, Goal, Script


@dataclass(frozen=True)
class Score:
    """How far a goal was reached. ``begun`` is whether anything was done for it, be it undone later."""

    goal: Goal
    points: int
    begun: bool

    @property
    def reached(self) -> bool:
        """Whether it was enough."""
        return self.points >= self.goal.enough

    @property
    def lacking(self) -> str:
        """What there is to say where it was not enough: that it was missed, or only begun."""
        return words.say("begun", name=self.goal.name) if self.begun else self.goal.missed


@dataclass(frozen=True)
class Debrief:
    """What there is to say about a play that has ended."""

    ending: Ending
    scores: tuple[Score, ...]
    worked: tuple[Moment, ...]
    hurt: tuple[Moment, ...]
    missed: tuple[Score, ...]
    turned: Moment | None
    next_time: str


def worked(state: State) -> tuple[Moment, ...]:
    """The moments that did good."""
    return tuple(m for m in state.moments if m.why and m.weight > 0)


def hurt(state: State) -> tuple[Moment, ...]:
    """The moments that did harm."""
    return tuple(m for m in state.moments if m.why and m.weight < 0)


def debrief(script: Script, state: State) -> Debrief:
    """The debrief of a play that has ended."""
    ending = script.endings[state.ending]
    # Below nothing there is nothing: what set somebody back is told with its moment, and not as '-4 of 2'.
    begun = {goal for moment in state.moments for goal, points in moment.points.items() if points > 0}
    scores = tuple(
        Score(goal, max(0, state.scores[goal.id]), goal.id in begun) for goal in script.goals.values()
    )
    missed = tuple(score for score in scores if not score.reached)
    weakest = min(scores, key=lambda score: state.scores[score.goal.id] / score.goal.enough)
    return Debrief(
        ending,
        scores,
        worked(state),
        hurt(state),
        missed,
        _turned(ending, state.moments),
        weakest.goal.next_time if missed else "",
    )


def _turned(ending: Ending, moments: tuple[Moment, ...]) -> Moment | None:
    """The line that did most for the way it ended; the first of those that did as much."""
    sign = {"good": 1, "poor": -1}.get(ending.kind)
    weighed = [(sign * m.weight if sign else abs(m.weight), m) for m in moments]
    most = max((weight for weight, _ in weighed), default=0)
    return next((m for weight, m in weighed if weight == most), None) if most > 0 else None


def source(guidance: Guidance, finding: str) -> str:
    """The section of the study in which a finding stands."""
    return f"“{guidance.citation(finding)['section']}”"


def sources_of(found: Debrief, guidance: Guidance) -> list[str]:
    """The titles of the works that a debrief rests on."""
    findings = [m.finding for m in (*found.worked, *found.hurt) if m.finding]
    findings += [score.goal.finding for score in found.scores]
    return [f"“{title}”" for title in dict.fromkeys(guidance.citation(id_)["title"] for id_ in findings)]


def to_data(found: Debrief, guidance: Guidance) -> dict[str, object]:
    """As plain data for clients."""

    def moment(m: Moment) -> dict[str, object]:
        told: dict[str, object] = {"text": m.text, "why": m.why}
        if m.finding:
            told |= {"finding": m.finding, "source": guidance.citation(m.finding)}
        return told

    return {
        "ending": {
            "id": found.ending.id,
            "title": found.ending.title,
            "kind": found.ending.kind,
            "tells": found.ending.tells,
        },
        "goals": [
            {
                "id": s.goal.id,
                "name": s.goal.name,
                "points": s.points,
                "enough": s.goal.enough,
                "reached": s.reached,
            }
            for s in found.scores
        ],
        "worked": [moment(m) for m in found.worked],
        "hurt": [moment(m) for m in found.hurt],
        "missed": [
            {
                "goal": s.goal.id,
                "text": s.lacking,
                "finding": s.goal.finding,
                "source": guidance.citation(s.goal.finding),
            }
            for s in found.missed
        ],
        "turned": moment(found.turned) if found.turned else None,
        "next_time": found.next_time,
    }
