"""What is wrong with a script: where, what, how to put it right, and a code to look it up by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from critical_friend.guidance.faults import Fault


@dataclass(frozen=True, order=True)
class Problem:
    """One fault, or one warning. ``line`` counts from 1. A script with faults cannot be played."""

    file: str
    line: int
    code: str
    what: str
    remedy: str
    warning: bool = False

    def __str__(self) -> str:
        kind = "warning" if self.warning else "fault"
        return f"{self.file}:{self.line}: {kind} {self.code}: {self.what} {self.remedy}"

    @classmethod
    def of(cls, fault: Fault, code: str) -> Problem:
        """A fault that the reading of YAML or the form found."""
        return cls(fault.file, fault.line, code, fault.what, fault.remedy)


class BrokenScript(Exception):
    """The script cannot be played. ``problems`` holds every fault, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))
