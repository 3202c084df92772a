"""Understanding of officials' own words: clauses, signals and intents."""

from .clauses import Clause, ClauseSplitter
from .encoders import Encoder
from .intents import IntentReader
from .signals import Encoded, Heard, MessageEncoder, SignalHearer

__all__ = [
    "Clause",
    "ClauseSplitter",
    "Encoded",
    "Encoder",
    "Heard",
    "IntentReader",
    "MessageEncoder",
    "SignalHearer",
]
