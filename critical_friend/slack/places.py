"""Which place in Slack is which case, who takes part, and what people are called."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from critical_friend.slack.database import (
    Database,
    channels,
    given,
    members,
    people,
    places,
    threads,
    unless_there,
)

THREAD, CHANNEL, DIRECT, REHEARSAL = "thread", "channel", "direct", "rehearsal"

_SCOPE = sa.select(channels.c.scope).where(given(channels.c.channel))
_UNCHOOSE, _CHOOSE = channels.delete().where(given(channels.c.channel)), channels.insert()
_PLACE = sa.select(places).where(given(places.c.channel), given(places.c.thread))
_BY_ID = sa.select(places).where(given(places.c.id))
_NEW = unless_there(places, "channel", "thread", "kind", "begun_by", "begun", "used", "last_job", "rhythm")
_OWN = sa.select(threads.c.thread).where(given(threads.c.channel), given(threads.c.thread))
_NEW_OWN = unless_there(threads, "channel", "thread")
_IN_CHANNEL = (
    sa.select(places)
    .where(given(places.c.channel), places.c.kind.in_((THREAD, DIRECT)))
    .order_by(places.c.used.desc())
)
_OF = (
    sa.select(places)
    .join(members, members.c.place == places.c.id)
    .where(given(members.c.person), places.c.kind != REHEARSAL)
    .order_by(places.c.used.desc())
)
_MEMBER = sa.select(members.c.place).where(given(members.c.place), given(members.c.person))
_NEW_MEMBER = unless_there(members, "place", "person")
_LEFT = members.delete().where(
    given(members.c.person),
    members.c.place.in_(sa.select(places.c.id).where(given(places.c.channel))),
)
_DUE = (
    sa.select(places)
    .where(places.c.rhythm > 0, places.c.checkin <= sa.bindparam("now"))
    .order_by(places.c.checkin)
)
_NAME = sa.select(people.c.name).where(given(people.c.person))
_NEW_NAME = unless_there(people, "person", "name")


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
        rows = self._db.read(_SCOPE, channel=channel)
        return bool(rows) and rows[0].scope == CHANNEL

    def choose(self, channel: str, scope: str) -> None:
        """Set what one case is in ``channel``: ``thread`` or ``channel``."""
        with self._db.begin():
            self._db.write(_UNCHOOSE, channel=channel)
            self._db.write(_CHOOSE, channel=channel, scope=scope)

    def find(self, channel: str, thread: str) -> Place | None:
        """The place with just these ids."""
        found = self._places(_PLACE, channel=channel, thread=thread)
        return found[0] if found else None

    def by_id(self, id_: int) -> Place | None:
        """The place with this id."""
        found = self._places(_BY_ID, id=id_)
        return found[0] if found else None

    def at(self, channel: str, thread: str) -> Place | None:
        """The place that a message in ``thread`` of ``channel`` belongs to, if there is one."""
        return self.find(channel, thread) or (self.find(channel, "") if self.whole_channel(channel) else None)

    def make(self, channel: str, thread: str, kind: str, by: str) -> Place:
        """The place with these ids; a new one if there is none."""
        now = time.time()
        row = {"channel": channel, "thread": thread, "kind": kind, "begun_by": by, "begun": now, "used": now}
        with self._db.begin():
            self._db.write(_NEW, **row, last_job=0, rhythm=0)
            found = self.find(channel, thread)
        assert found is not None
        return found

    def own_thread(self, channel: str, thread: str) -> bool:
        """Whether it answers in this thread without being mentioned."""
        return bool(self._db.read(_OWN, channel=channel, thread=thread))

    def make_own(self, channel: str, thread: str) -> None:
        """Answer in this thread without being mentioned, from now on."""
        self._db.write(_NEW_OWN, channel=channel, thread=thread)

    def in_channel(self, channel: str) -> list[Place]:
        """The cases of a channel, the one used last first."""
        if self.whole_channel(channel):
            whole = self.find(channel, "")
            return [whole] if whole else []
        return self._places(_IN_CHANNEL, channel=channel)

    def of(self, person: str) -> list[Place]:
        """The cases that ``person`` takes part in, the one used last first."""
        return self._places(_OF, person=person)

    def takes_part(self, place: Place, person: str) -> None:
        """Note that ``person`` takes part in the case."""
        if not self.may_see(place, person):
            self._db.write(_NEW_MEMBER, place=place.id, person=person)

    def may_see(self, place: Place, person: str) -> bool:
        """Whether ``person`` takes part in the case."""
        return bool(self._db.read(_MEMBER, place=place.id, person=person))

    def left(self, channel: str, person: str) -> None:
        """``person`` has left ``channel``, and takes part in none of its cases any more."""
        self._db.write(_LEFT, channel=channel, person=person)

    def change(self, place: Place, **values: Any) -> None:
        """Keep ``values`` with the place."""
        self._db.write(places.update().where(places.c.id == place.id).values(**values))

    def due(self) -> list[Place]:
        """The places where a check-in is due."""
        return self._places(_DUE, now=time.time())

    def name_of(self, person: str) -> str | None:
        """What ``person`` is called in the cases, if that is known."""
        rows = self._db.read(_NAME, person=person)
        return str(rows[0].name) if rows else None

    def call(self, person: str, name: str) -> str:
        """Call ``person`` by ``name`` from now on, with a number if somebody is called that already."""
        number = 1
        while True:
            wanted = name[:110] if number == 1 else f"{name[:110]} ({number})"
            if self._db.write(_NEW_NAME, person=person, name=wanted):
                return wanted
            known = self.name_of(person)
            if known is not None:
                return known
            number += 1

    def _places(self, statement: Any, **values: Any) -> list[Place]:
        return [Place(**row._mapping) for row in self._db.read(statement, **values)]
