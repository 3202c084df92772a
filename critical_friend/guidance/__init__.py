"""The rule set: loading it from YAML, checking it, and the shape it has in memory."""

from critical_friend.guidance.faults import BrokenGuidance, Fault
from critical_friend.guidance.loader import default_folder, load
from critical_friend.guidance.model import (
    AdviceRule,
    Guidance,
    ModeRule,
    PhaseRule,
    RoleRule,
    Rule,
    Step,
)

__all__ = [
    "AdviceRule",
    "BrokenGuidance",
    "Fault",
    "Guidance",
    "ModeRule",
    "PhaseRule",
    "RoleRule",
    "Rule",
    "Step",
    "default_folder",
    "load",
]
