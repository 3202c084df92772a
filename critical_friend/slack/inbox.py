"""The durable inbox: stored before it is acknowledged, taken in once, worked off in order in each lane."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from critical_friend.slack.database import Database, given, jobs, lanes, posts, unless_there

#: So long a lane stays with a worker that no longer says that it is alive.
LEASE = 10.0
#: A window has a lane of its own, and goes before all else: it can only be opened in the next three seconds.
WINDOW = "window:"
#: While something came in so short a time ago, taking in goes before working off, for ``MOST`` at most.
BUSY, MOST = 0.1, 1.5
#: So long ids are kept, to know a duplicate when it comes.
KEPT = 7 * 24 * 3600.0

_NEW = unless_there(jobs, "key", "lane", "kind", "payload", "moment", "received", "attempts")
_NEW_LANE = unless_there(lanes, "lane", "until")
_READY = (
    sa.select(jobs.c.lane)
    .join(lanes, lanes.c.lane == jobs.c.lane)
    .where(jobs.c.done.is_(None), lanes.c.until < sa.bindparam("now"))
    .group_by(jobs.c.lane)
    .order_by(sa.func.min(jobs.c.id))
    .limit(20)
)
_READY_WINDOW = _READY.where(jobs.c.lane.startswith(WINDOW))
# Values to set have other names than the columns, which SQLAlchemy keeps for itself.
_THIS_LANE, _MINE = lanes.c.lane == sa.bindparam("this"), lanes.c.owner == sa.bindparam("me")
_TAKE = (
    lanes.update()
    .where(_THIS_LANE, lanes.c.until < sa.bindparam("now"))
    .values(owner=sa.bindparam("me"), until=sa.bindparam("then"))
)
_WAIT = lanes.update().where(_THIS_LANE).values(owner=None, until=sa.bindparam("then"))
_RELEASE = lanes.update().where(_THIS_LANE, _MINE).values(owner=None, until=0)
_KEEP = lanes.update().where(_THIS_LANE, _MINE).values(until=sa.bindparam("then"))
_HEAD = (
    sa.select(jobs)
    .where(given(jobs.c.lane), jobs.c.done.is_(None))
    .order_by(jobs.c.moment, jobs.c.id)
    .limit(1)
)
_THIS_JOB = jobs.c.id == sa.bindparam("this")
_DONE = (
    jobs.update().where(_THIS_JOB).values(done=sa.bindparam("now"), payload=None, failed=sa.bindparam("why"))
)
_TRIED = jobs.update().where(_THIS_JOB).values(attempts=jobs.c.attempts + 1)
_OLD_JOBS = jobs.delete().where(jobs.c.done < sa.bindparam("old"))
_OLD_POSTS = posts.delete().where(posts.c.begun < sa.bindparam("old"))
_OLD_LANES = lanes.delete().where(lanes.c.until == 0, lanes.c.lane.notin_(sa.select(jobs.c.lane)))


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
        """Store it. False when it is there already, also by another process."""
        now = time.time()
        row = {
            "key": key[:255],
            "lane": lane[:255],
            "kind": kind,
            "payload": json.dumps(payload, ensure_ascii=False),
            "moment": moment or now,
            "received": now,
            "attempts": 0,
        }
        with self.together():
            if not self._db.write(_NEW, **row):
                return False
            self._db.write(_NEW_LANE, lane=row["lane"], until=0)
        return True

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is added in this context is stored in one transaction."""
        with self._db.begin():
            yield
        self._last = time.monotonic()
        with self._news:
            self._news.notify_all()

    def claim(self, window: bool = False) -> str | None:
        """A lane with something to do (or a ``window``), now this process's alone; ``None`` without any."""
        now = time.time()
        for (lane,) in self._db.read(_READY_WINDOW if window else _READY, now=now):
            if self._db.write(_TAKE, this=lane, now=now, me=self._owner, then=now + LEASE):
                return str(lane)
        return None

    def head(self, lane: str) -> Job | None:
        """The next in the lane, by when it was said."""
        rows = self._db.read(_HEAD, lane=lane)
        if not rows:
            return None
        row = rows[0]
        return Job(row.id, row.key, row.lane, row.kind, json.loads(row.payload), row.attempts, row.received)

    def done(self, job: Job, failed: str | None = None) -> None:
        """It is done, or will never be (``failed`` says why). What it held is emptied."""
        self._db.write(_DONE, this=job.id, now=time.time(), why=failed)

    def put_off(self, job: Job, seconds: float) -> None:
        """Try it again after ``seconds``; the lane waits, so that the order holds."""
        with self._db.begin():
            self._db.write(_TRIED, this=job.id)
            self._db.write(_WAIT, this=job.lane, then=time.time() + seconds)

    def release(self, lane: str) -> None:
        """Give the lane back."""
        self._db.write(_RELEASE, this=lane, me=self._owner)
        with self._news:
            self._news.notify()

    def keep(self, held: set[str]) -> None:
        """Say that the lanes ``held`` are still worked on."""
        for lane in held:
            self._db.write(_KEEP, this=lane, me=self._owner, then=time.time() + LEASE)

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
        with self._db.begin():
            self._db.write(_OLD_JOBS, old=old)
            self._db.write(_OLD_POSTS, old=old)
            self._db.write(_OLD_LANES)
