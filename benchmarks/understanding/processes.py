"""Work in a process of its own, quietly, on one core if told."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")

QUIET = {
    "LOG_LEVEL": "ERROR",
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


def say(text: str) -> None:
    """Progress, to stderr."""
    print(text, file=sys.stderr, flush=True)


def hushed() -> None:
    """Send what libraries print (Rasa logs every message) nowhere, so that stdout holds the tables only."""
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 1)


def apart(function: Callable[..., Result], *args: object, one_core: bool = False) -> Result:
    """Run a function in a fresh process, held to one core if told."""
    cores = os.sched_getaffinity(0)
    limits = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS"), "1")
    before = dict(os.environ)
    os.environ.update({name: value for name, value in QUIET.items() if name not in before})
    # Two OpenMP threads wait for one another for minutes when other work holds a core.
    os.environ["OMP_NUM_THREADS"] = "1"
    if one_core:
        os.sched_setaffinity(0, {max(cores)})
        os.environ.update(limits)
    try:
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=hushed) as pool:
            return pool.submit(function, *args).result()
    finally:
        os.sched_setaffinity(0, cores)
        os.environ.clear()
        os.environ.update(before)
