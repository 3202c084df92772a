"""Check-ins at the rhythm that a team has set. Off unless somebody sets it."""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta

import sqlalchemy as sa

from critical_friend.places import places
from critical_friend.slack.inbox import Inbox
from critical_friend.slack.places import Places
from critical_friend.slack.rendering import ZONE

LOG = logging.getLogger(__name__)
MORNING = 9, 30
EVERY = 30.0  # seconds between two looks


def next_time(days: int, now: datetime | None = None) -> float:
    """When to check in next: in ``days`` days, in the morning of a working day."""
    then = (now or datetime.now(ZONE)).astimezone(ZONE) + timedelta(days=days)
    then = then.replace(hour=MORNING[0], minute=MORNING[1], second=0, microsecond=0)
    while then.weekday() > 4:
        then += timedelta(days=1)
    return then.timestamp()


class Rhythm:
    """Puts check-ins that are due into the inbox."""

    def __init__(self, places: Places, inbox: Inbox) -> None:
        self._places = places
        self._inbox = inbox
        self._stopped = threading.Event()

    def start(self) -> None:
        """Begin to look."""
        threading.Thread(target=self._run, daemon=True, name="rhythm").start()

    def stop(self) -> None:
        """Look no more."""
        self._stopped.set()

    def look(self) -> None:
        """Put in what is due. The key has the time in it, so that no two processes ask twice."""
        for place in self._places.due():
            self._inbox.add(f"checkin:{place.id}:{place.checkin}", place.lane, "checkin", {"place": place.id})
            self._places.change(place, checkin=next_time(place.rhythm))

    def _run(self) -> None:
        while not self._stopped.wait(EVERY):
            try:
                self.look()
                self._inbox.clear()
            except sa.exc.SQLAlchemyError as error:
                LOG.error("The check-ins could not be looked up; I try again. %s", places(error))
