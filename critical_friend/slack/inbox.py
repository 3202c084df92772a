"""The durable inbox: stored before it is acknowledged, taken in once, worked off in order in each lane."""

from __future__ import annotations

import json
import threading
import time
import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from critical_friend.slack.database import Database, jobs, lanes, posts

#: So long a lane stays with a worker that no longer says that it is alive.
LEASE = 10.0
#: While something came in so short a time ago, taking in goes before working off, for ``MOST`` at most.
BUSY, MOST = 0.1, 1.5
#: So long ids are kept, to know a duplicate when it comes.
KEPT = 7 * 24 * 3600.0


@dataclass(frozen=True)
class Job:
    """One thing that came in. ``key`` is Slack's id of it."""

    id: int
    key: str
    lane: str
    kind: str
    payload: dict[str, Any]
    attempts: int
    received: float


class Inbox:
    """What came in and is not done yet. Several threads and processes may share one database."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._owner = uuid.uuid4().hex
        self._news = threading.Condition()
        self._last = 0.0

    def add(
        self, key: str, lane: str, kind: str, payload: dict[str, Any], moment: float | None = None
    ) -> bool:
        """Store it. False when it is there already.

        Where two processes do so at once, the key is unique: one of them fails, and Slack sends again.
        """
        now = time.time()
        self._last = time.monotonic()
        row = {
            "key": key[:255],
            "lane": lane[:255],
            "kind": kind,
            "payload": json.dumps(payload, ensure_ascii=False),
            "moment": moment or now,
            "received": now,
            "attempts": 0,
        }
        with self._db.begin() as db:
            if db.execute(sa.select(jobs.c.id).where(jobs.c.key == row["key"])).first() is not None:
                return False
            db.execute(jobs.insert().values(**row))
            if db.execute(sa.select(lanes.c.lane).where(lanes.c.lane == row["lane"])).first() is None:
                db.execute(lanes.insert().values(lane=row["lane"], until=0))
        with self._news:
            self._news.notify()
        return True

    def claim(self) -> str | None:
        """A lane with something to do, which is now this process's alone; ``None`` when there is none."""
        now = time.time()
        ready = (
            sa.select(jobs.c.lane)
            .join(lanes, lanes.c.lane == jobs.c.lane)
            .where(jobs.c.done.is_(None), lanes.c.until < now)
            .group_by(jobs.c.lane)
            .order_by(sa.func.min(jobs.c.id))
            .limit(20)
        )
        for (lane,) in self._db.read(ready):
            taken = lanes.update().where(lanes.c.lane == lane, lanes.c.until < now)
            if self._db.write(taken.values(owner=self._owner, until=now + LEASE)):
                return str(lane)
        return None

    def head(self, lane: str) -> Job | None:
        """The next in the lane, by when it was said."""
        rows = self._db.read(
            sa.select(jobs)
            .where(jobs.c.lane == lane, jobs.c.done.is_(None))
            .order_by(jobs.c.moment, jobs.c.id)
            .limit(1)
        )
        if not rows:
            return None
        row = rows[0]
        return Job(row.id, row.key, row.lane, row.kind, json.loads(row.payload), row.attempts, row.received)

    def done(self, job: Job, failed: str | None = None) -> None:
        """It is done, or will never be (``failed`` says why). What it held is emptied."""
        self._db.write(
            jobs.update().where(jobs.c.id == job.id).values(done=time.time(), payload=None, failed=failed)
        )

    def put_off(self, job: Job, seconds: float) -> None:
        """Try it again after ``seconds``; the lane waits, so that the order holds."""
        with self._db.begin() as db:
            db.execute(jobs.update().where(jobs.c.id == job.id).values(attempts=job.attempts + 1))
            db.execute(
                lanes.update().where(lanes.c.lane == job.lane).values(owner=None, until=time.time() + seconds)
            )

    def release(self, lane: str) -> None:
        """Give the lane back."""
        self._db.write(
            lanes.update()
            .where(lanes.c.lane == lane, lanes.c.owner == self._owner)
            .values(owner=None, until=0)
        )
        with self._news:
            self._news.notify()

    def keep(self, held: set[str]) -> None:
        """Say that the lanes ``held`` are still worked on."""
        if held:
            mine = sa.and_(lanes.c.lane.in_(held), lanes.c.owner == self._owner)
            self._db.write(lanes.update().where(mine).values(until=time.time() + LEASE))

    def wait(self, seconds: float) -> None:
        """Until something comes in, or ``seconds`` have passed."""
        with self._news:
            self._news.wait(seconds)

    def let_in(self) -> None:
        """Wait while much comes in: it has to be acknowledged in three seconds, and answers have time."""
        until = time.monotonic() + MOST
        while time.monotonic() - self._last < BUSY and time.monotonic() < until:
            time.sleep(BUSY / 4)

    def clear(self) -> None:
        """Drop what is done and too old to come again."""
        old = time.time() - KEPT
        with self._db.begin() as db:
            db.execute(jobs.delete().where(jobs.c.done < old))
            db.execute(posts.delete().where(posts.c.begun < old))
            db.execute(lanes.delete().where(lanes.c.until == 0, lanes.c.lane.notin_(sa.select(jobs.c.lane))))
