"""Which place in Slack is which case, who takes part, and what people are called."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from critical_friend.slack.database import Database, channels, members, people, places, threads

THREAD, CHANNEL, DIRECT, REHEARSAL = "thread", "channel", "direct", "rehearsal"


@dataclass(frozen=True)
class Place:
    """A place that is one case. ``thread`` is empty when it is the whole channel or direct message."""

    id: int
    channel: str
    thread: str
    kind: str
    begun_by: str
    begun: float
    used: float
    conversation: str | None
    last_job: int
    rhythm: int
    checkin: float | None
    picture: str | None
    picture_of: str | None

    @property
    def lane(self) -> str:
        """The lane of the inbox in which its messages stay in order."""
        return lane(self.channel, self.thread)

    @property
    def private(self) -> bool:
        """Whether only one person sees it."""
        return self.kind in (DIRECT, REHEARSAL)


def lane(channel: str, thread: str) -> str:
    """The lane of the place with these ids."""
    return f"{channel}:{thread}"


class Places:
    """The places. Safe from several threads and processes."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def whole_channel(self, channel: str) -> bool:
        """Whether the people of ``channel`` chose that all of it is one case."""
        rows = self._db.read(sa.select(channels.c.scope).where(channels.c.channel == channel))
        return bool(rows) and rows[0].scope == CHANNEL

    def choose(self, channel: str, scope: str) -> None:
        """Set what one case is in ``channel``: ``thread`` or ``channel``."""
        with self._db.begin() as db:
            db.execute(channels.delete().where(channels.c.channel == channel))
            db.execute(channels.insert().values(channel=channel, scope=scope))

    def find(self, channel: str, thread: str) -> Place | None:
        """The place with just these ids."""
        return self._first(places.c.channel == channel, places.c.thread == thread)

    def by_id(self, id_: int) -> Place | None:
        """The place with this id."""
        return self._first(places.c.id == id_)

    def at(self, channel: str, thread: str) -> Place | None:
        """The place that a message in ``thread`` of ``channel`` belongs to, if there is one."""
        return self.find(channel, thread) or (self.find(channel, "") if self.whole_channel(channel) else None)

    def make(self, channel: str, thread: str, kind: str, by: str) -> Place:
        """The place with these ids; a new one if there is none."""
        known = self.find(channel, thread)
        if known is not None:
            return known
        now = time.time()
        row = {"channel": channel, "thread": thread, "kind": kind, "begun_by": by, "begun": now, "used": now}
        self._db.add(places.insert().values(**row, last_job=0, rhythm=0))
        found = self.find(channel, thread)
        assert found is not None
        return found

    def own_thread(self, channel: str, thread: str) -> bool:
        """Whether it answers in this thread without being mentioned."""
        found = sa.select(threads.c.thread).where(threads.c.channel == channel, threads.c.thread == thread)
        return bool(self._db.read(found))

    def make_own(self, channel: str, thread: str) -> None:
        """Answer in this thread without being mentioned, from now on."""
        if not self.own_thread(channel, thread):
            self._db.add(threads.insert().values(channel=channel, thread=thread))

    def in_channel(self, channel: str) -> list[Place]:
        """The cases of a channel, the one used last first."""
        if self.whole_channel(channel):
            whole = self.find(channel, "")
            return [whole] if whole else []
        return self._all(
            places.c.channel == channel, places.c.kind.in_((THREAD, DIRECT)), order=places.c.used.desc()
        )

    def of(self, person: str) -> list[Place]:
        """The cases that ``person`` takes part in, the one used last first."""
        mine = sa.select(members.c.place).where(members.c.person == person)
        return self._all(places.c.id.in_(mine), places.c.kind != REHEARSAL, order=places.c.used.desc())

    def takes_part(self, place: Place, person: str) -> None:
        """Note that ``person`` takes part in the case."""
        if not self.may_see(place, person):
            self._db.add(members.insert().values(place=place.id, person=person))

    def may_see(self, place: Place, person: str) -> bool:
        """Whether ``person`` takes part in the case."""
        found = sa.select(members.c.place).where(members.c.place == place.id, members.c.person == person)
        return bool(self._db.read(found))

    def left(self, channel: str, person: str) -> None:
        """``person`` has left ``channel``, and takes part in none of its cases any more."""
        here = sa.select(places.c.id).where(places.c.channel == channel)
        self._db.write(members.delete().where(members.c.person == person, members.c.place.in_(here)))

    def change(self, place: Place, **values: Any) -> None:
        """Keep ``values`` with the place."""
        self._db.write(places.update().where(places.c.id == place.id).values(**values))

    def due(self) -> list[Place]:
        """The places where a check-in is due."""
        return self._all(places.c.rhythm > 0, places.c.checkin <= time.time(), order=places.c.checkin)

    def name_of(self, person: str) -> str | None:
        """What ``person`` is called in the cases, if that is known."""
        rows = self._db.read(sa.select(people.c.name).where(people.c.person == person))
        return str(rows[0].name) if rows else None

    def call(self, person: str, name: str) -> str:
        """Call ``person`` by ``name`` from now on, with a number if somebody is called that already."""
        number = 1
        while True:
            wanted = name[:110] if number == 1 else f"{name[:110]} ({number})"
            if self._db.add(people.insert().values(person=person, name=wanted)):
                return wanted
            known = self.name_of(person)
            if known is not None:
                return known
            number += 1

    def _all(self, *where: Any, order: Any) -> list[Place]:
        rows: Sequence[Any] = self._db.read(sa.select(places).where(*where).order_by(order))
        return [Place(**row._mapping) for row in rows]

    def _first(self, *where: Any) -> Place | None:
        found = self._all(*where, order=places.c.id)
        return found[0] if found else None
