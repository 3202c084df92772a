"""Times of a turn at turn 10, 100 and 500, beside the bot that `rasa init` makes, in one run.

Both bots run in this process with SQLite and a real action server for ours. What is compared is how
a turn's time grows; single times depend on the machine. Draws docs/images/turns.svg.
"""

from __future__ import annotations

import asyncio
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("LOG_LEVEL", "ERROR")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from rasa.core.agent import Agent  # noqa: E402
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage  # noqa: E402
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore  # noqa: E402
from rasa.utils.endpoints import EndpointConfig  # noqa: E402
from rasa.utils.log_utils import configure_structlog  # noqa: E402

from assistant.tracker_store import StateTrackerStore  # noqa: E402
from critical_friend.cli.serving import MODEL, environment, free_port  # noqa: E402

TURNS, AT, AROUND = 500, (10, 100, 500), 9
OURS = ["Our DCE keeps finance off our backs.", "yes", "no idea", "what should we do next?", "why?"]
THEIRS = ["hi", "I am great", "bye", "are you a bot?", "I am sad"]


def peer(folder: Path) -> Path:
    """The bot that `rasa init` makes, trained with Rasa's default pipeline."""
    say("Training the bot that `rasa init` makes …")
    folder.mkdir()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True}
    subprocess.run([sys.executable, "-m", "rasa", "init", "--no-prompt", "--init-dir", str(folder)], **quiet)
    return max((folder / "models").glob("*.tar.gz"))


def say(text: str) -> None:
    """Tell how it goes."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def assistant() -> Iterator[Agent]:
    """Our bot in this process, with its own tracker store and a real action server, which end with it."""
    # Without this Rasa prints, and spends its time on, every step of every turn.
    logging.disable(logging.WARNING)
    configure_structlog(logging.ERROR)
    port = free_port()
    actions = subprocess.Popen(
        [sys.executable, "-m", "rasa_sdk", "--actions", "actions.actions", "--port", str(port)],
        cwd=ROOT,
        env=environment(0, port),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        endpoint = EndpointConfig(f"http://127.0.0.1:{port}/webhook", enable_selective_domain=True)
        agent = Agent.load(str(MODEL), action_endpoint=endpoint)
        with tempfile.TemporaryDirectory() as folder:
            keep_in(agent, StateTrackerStore(agent.domain, host=f"sqlite:///{folder}/talks.db"))
            yield agent
    finally:
        actions.terminate()
        actions.wait(10)


def keep_in(agent: Agent, store: TrackerStore) -> None:
    """Let the agent keep its talks in that store; by itself it would keep them in memory."""
    agent.tracker_store = agent.processor.tracker_store = store


async def talk(agent: Agent, texts: list[str], name: str) -> list[float]:
    """Seconds of each of the turns of one conversation."""
    times = []
    for turn in range(TURNS):
        message = UserMessage(
            texts[turn % len(texts)], CollectingOutputChannel(), name, input_channel="bench"
        )
        started = time.perf_counter()
        await agent.handle_message(message)
        times.append(time.perf_counter() - started)
        if turn % 100 == 99:
            say(f"  {name}: turn {turn + 1}")
    return times


def around(times: list[float], turn: int) -> float:
    """The median of the turns around one turn, in milliseconds."""
    first = max(0, min(turn - AROUND // 2 - 1, len(times) - AROUND))
    return 1000 * statistics.median(times[first : first + AROUND])


def main() -> None:
    """Run both and print the table."""
    with tempfile.TemporaryDirectory() as place, assistant() as ours:
        folder = Path(place)
        theirs = Agent.load(str(peer(folder / "init")))
        keep_in(theirs, SQLTrackerStore(theirs.domain, db=str(folder / "talks.db")))
        rows = {
            name: asyncio.run(talk(agent, texts, name))
            for name, agent, texts in (("Critical Friend", ours, OURS), ("rasa init", theirs, THEIRS))
        }
    print(f"\n| bot | {' | '.join(f'turn {turn}' for turn in AT)} | turn 500 : turn 10 |")
    print("| --- | " + " | ".join("---" for _ in AT) + " | --- |")
    for name, times in rows.items():
        cells = [around(times, turn) for turn in AT]
        print(
            f"| {name} | "
            + " | ".join(f"{cell:.0f} ms" for cell in cells)
            + f" | {cells[-1] / cells[0]:.1f} |"
        )
    ratio = [around(rows["Critical Friend"], t) / around(rows["rasa init"], t) for t in AT]
    print("| ours : theirs | " + " | ".join(f"{r:.2f}" for r in ratio) + " | |")
    draw(rows)


def draw(rows: dict[str, list[float]]) -> None:
    """The times as a picture, for docs."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    plt.figure(figsize=(7, 3.2))
    for (name, times), style in zip(rows.items(), ("-", "--"), strict=True):
        smooth = [statistics.median(times[max(0, i - 7) : i + 8]) * 1000 for i in range(len(times))]
        plt.plot(range(1, len(times) + 1), smooth, style, label=name)
    plt.xlabel("turn of one conversation")
    plt.ylabel("ms a turn (running median)")
    plt.ylim(bottom=0)
    plt.legend()
    plt.tight_layout()
    (ROOT / "docs" / "images").mkdir(exist_ok=True)
    plt.savefig(ROOT / "docs" / "images" / "turns.svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
