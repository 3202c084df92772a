"""How long it takes to understand a message of 25 words on one core, and how long training took.

python -m benchmarks.hearing
"""

from __future__ import annotations

import os
import statistics
import tarfile
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODEL = ROOT / "models" / "critical-friend.tar.gz"
TRAINED_IN = ROOT / "var" / "train.seconds"
MESSAGE = (
    "our DCE quietly runs interference for us whenever finance starts asking questions about where"
    " the money for the hub has gone this year and last"
)
AIM_MS, AIM_SECONDS = 15, 90
RUNS = 200


def main() -> None:
    """Print the times with their aims."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    from critical_friend.personal import Masker
    from critical_friend.understanding.model import Understanding

    masker = Masker()

    with tempfile.TemporaryDirectory() as folder, tarfile.open(MODEL) as archive:
        archive.extractall(folder)
        model = Understanding.load(next(Path(folder).rglob("network.onnx")).parent)
    parts = {
        "by meaning (network)": lambda: model.network.read([MESSAGE]),
        "by wording": lambda: model.wording.scores([MESSAGE]),
        "clauses (spaCy's parse)": lambda: model.splitter.split(MESSAGE),
        "all of understanding": lambda: model.understand(MESSAGE),
        "personal details, before": lambda: masker.mask(MESSAGE),
    }
    print(f"Understanding {len(MESSAGE.split())} words on one core, median of {RUNS}:")
    for name, part in parts.items():
        part()
        took = []
        for _ in range(RUNS):
            started = time.perf_counter()
            part()
            took.append(1000 * (time.perf_counter() - started))
        median = statistics.median(took)
        print(f"  {name:<26} {median:6.1f} ms  {'█' * round(2 * median)}")
    print(f"  aim                        {AIM_MS:6.1f} ms  {'░' * (2 * AIM_MS)}")
    if TRAINED_IN.exists():
        seconds = TRAINED_IN.read_text().strip()
        print(f"Training the model took {seconds} s the last time (aim: {AIM_SECONDS} s).")


if __name__ == "__main__":
    main()
