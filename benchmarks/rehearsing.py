"""A typed turn of a rehearsal beside a typed turn of advice, in one run, with a real action server.

    python -m benchmarks.rehearsing

The two take turns, so that whatever else the machine does falls on both. Whenever the rehearsal has been
going for as many turns as there are texts it starts over, which is not counted.
"""

from __future__ import annotations

import asyncio
import statistics
import time

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from benchmarks.turns import OURS, assistant

PLAYED = [
    "There is one family in our town, no names. Seven workers used to come and now it is one.",
    "To be honest, nobody above me has been told of this.",
    "Nothing is shared unless the family has agreed to it in writing.",
    "What would you need so that you could stand behind it?",
    "The weather was lovely at the beach.",
]
ROUNDS = 20


async def seconds(agent: Agent, talk: str, text: str, button: str | None = None) -> float:
    """How long one turn of that talk takes."""
    metadata = {"button": button} if button else None
    message = UserMessage(text, CollectingOutputChannel(), talk, input_channel="bench", metadata=metadata)
    started = time.perf_counter()
    await agent.handle_message(message)
    return time.perf_counter() - started


async def measure(agent: Agent) -> dict[str, list[float]]:
    """The times of the turns of both, after a first round that is not counted."""
    advice, rehearsal = [], []
    for _ in range(ROUNDS + 1):
        await seconds(agent, "rehearsal", "Rehearse", "rehearse:guardian-angel")
        for asked, played in zip(OURS, PLAYED, strict=True):
            advice.append(await seconds(agent, "advice", asked))
            rehearsal.append(await seconds(agent, "rehearsal", played))
    return {"advice": advice[len(OURS) :], "rehearsal": rehearsal[len(PLAYED) :]}


def main() -> None:
    """Print both, and one over the other."""
    with assistant() as agent:
        found = {name: 1000 * statistics.median(times) for name, times in asyncio.run(measure(agent)).items()}
    print(f"\nA typed turn, median of {ROUNDS * len(OURS)}:")
    for name, median in found.items():
        print(f"  {name:<10} {median:6.0f} ms")
    print(f"  rehearsal : advice {found['rehearsal'] / found['advice']:.2f} (aim: at most 1)")


if __name__ == "__main__":
    main()
