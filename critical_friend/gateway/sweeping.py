"""Deleting, while the gateway runs, what need not be kept any longer."""

from __future__ import annotations

import logging
import threading

from sqlalchemy.exc import SQLAlchemyError

from critical_friend.gateway.turns import Gateway
from critical_friend.places import places

LOG = logging.getLogger("uvicorn.error")
EVERY = 60 * 60  # seconds


class Sweeper:
    """Sweeps once an hour in a thread of its own, and once at the start."""

    def __init__(self, gateway: Gateway, keep_days: int) -> None:
        self._gateway, self._keep_days = gateway, keep_days
        self._stop = threading.Event()

    def start(self) -> None:
        """Begin."""
        threading.Thread(target=self._run, daemon=True, name="sweeper").start()

    def stop(self) -> None:
        """End after what is under way."""
        self._stop.set()

    def _run(self) -> None:
        while True:
            try:
                self._gateway.sweep(self._keep_days)
            except SQLAlchemyError as fault:  # the database may be back in the next hour
                LOG.error("Old conversations could not be deleted. %s", places(fault))
            if self._stop.wait(EVERY):
                return
