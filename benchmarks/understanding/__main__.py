"""Measures understanding on texts it has not seen, beside two baselines on the same data.

    python -m benchmarks.understanding [--curve | --encoders] [--quick] [--minutes N]

Prints Markdown and writes it into docs/understanding.md. Baselines are trained once for each state of
data/nlu and kept in .cache/eval, and so are the vectors and networks of the other two.
"""

from __future__ import annotations

import argparse

from benchmarks.understanding import curve, encoders, report
from benchmarks.understanding.markdown import around, put
from benchmarks.understanding.rasa_default import MINUTES


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.understanding", description=(__doc__ or "").split("\n")[0]
    )
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument(
        "--curve",
        action="store_true",
        help="draw the learning curve instead; takes a quarter of an hour or so (what is done is kept)",
    )
    instead.add_argument(
        "--encoders",
        action="store_true",
        help="compare encoders and heads instead; takes an hour or so (what is done is kept)",
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="train no baseline: the newest kept is used; the table says so if data/nlu has changed since",
    )
    parser.add_argument("--minutes", type=float, default=MINUTES, help="for training Rasa's default pipeline")
    options = parser.parse_args()
    marker = "curve" if options.curve else "encoders" if options.encoders else "eval"
    around(marker)  # better to miss the markers now than after the work
    if options.curve:
        content = curve.curve()
    elif options.encoders:
        content = encoders.compare()
    else:
        content = report.report(quick=options.quick, minutes=options.minutes)
    print(content)
    put(marker, content)


if __name__ == "__main__":
    main()
