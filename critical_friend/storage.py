"""What is kept of conversations, in one database: who may open them, and where each stands.

``events`` is Rasa's own table (one row an event, append only). ``states`` holds where a conversation
stands in one row, so that a turn reads one row however long the talk is. ``waiting`` holds
messages that could not be handed to Rasa yet. ``conversations`` holds the digest of the token that
opens one; the token itself is kept nowhere. ``told`` holds what a user has been told that is said
only once. ``shared`` holds finished rehearsals that were given to a trainer.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData()
conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("token_digest", sa.String(64), nullable=False),
    sa.Column("created", sa.Float, nullable=False),
)
states = sa.Table(
    "states",
    metadata,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("slots", sa.Text, nullable=False),
    sa.Column("unanswered", sa.Text, nullable=False),
)
waiting = sa.Table(
    "waiting",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sender_id", sa.String(255), nullable=False, index=True),
    sa.Column("message", sa.Text, nullable=False),
)
told = sa.Table(
    "told",
    metadata,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("what", sa.String(64), primary_key=True),
)
shared = sa.Table(
    "shared",
    metadata,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("rehearsal", sa.Text, nullable=False),
)
events = sa.table(
    "events",
    sa.column("id"),
    sa.column("sender_id"),
    sa.column("type_name"),
    sa.column("timestamp"),
    sa.column("data"),
)


def database_url() -> str:
    """The database in use: ``CRITICAL_FRIEND_DATABASE``, or SQLite in ``var/`` of this checkout."""
    default = Path(__file__).resolve().parents[1] / "var" / "critical-friend.db"
    url = os.environ.get("CRITICAL_FRIEND_DATABASE", f"sqlite:///{default}")
    if url.startswith("sqlite:////") or url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    return url


class Storage:
    """Conversations and their transcripts. Safe for use from several threads."""

    def __init__(self, url: str | None = None) -> None:
        self.engine = sa.create_engine(url or database_url(), future=True)
        metadata.create_all(self.engine)

    def open(self) -> tuple[str, str]:
        """A new conversation: its id and its token."""
        id_, token = secrets.token_urlsafe(16), secrets.token_urlsafe(32)
        with self.engine.begin() as db:
            db.execute(
                conversations.insert().values(id=id_, token_digest=_digest(token), created=time.time())
            )
        return id_, token

    def may_open(self, id_: str, token: str) -> bool:
        """Whether ``token`` opens the conversation ``id_``."""
        with self.engine.connect() as db:
            kept = db.execute(
                sa.select(conversations.c.token_digest).where(conversations.c.id == id_)
            ).scalar()
        return kept is not None and hmac.compare_digest(kept, _digest(token))

    def exists(self, id_: str) -> bool:
        """Whether there is such a conversation."""
        with self.engine.connect() as db:
            found = sa.select(conversations.c.id).where(conversations.c.id == id_)
            return db.execute(found).first() is not None

    def slots(self, id_: str) -> dict[str, Any]:
        """Rasa's slots of the conversation; empty before the first turn."""
        with self.engine.connect() as db:
            kept = db.execute(sa.select(states.c.slots).where(states.c.sender_id == id_)).scalar()
        slots: dict[str, Any] = json.loads(kept) if kept else {}
        return slots

    def transcript(self, id_: str) -> list[dict[str, Any]]:
        """Who said what, oldest first: ``{"by": "user"|"bot", "text", "at"}``."""
        return list(self._said(id_))

    def _said(self, id_: str) -> Iterator[dict[str, Any]]:
        with self.engine.connect() as db:
            if not sa.inspect(db).has_table("events"):
                return
            rows = db.execute(
                sa.select(events.c.type_name, events.c.timestamp, events.c.data)
                .where(events.c.sender_id == id_, events.c.type_name.in_(("user", "bot")))
                .order_by(events.c.id)
            )
            for type_name, at, data in rows:
                text = json.loads(data).get("text")
                if text:
                    yield {"by": type_name, "text": text, "at": at}

    def wait(self, id_: str, message: dict[str, Any]) -> None:
        """Keep a message that could not be handed on; it goes before the next one."""
        with self.engine.begin() as db:
            db.execute(waiting.insert().values(sender_id=id_, message=json.dumps(message)))

    def waiting(self, id_: str) -> list[tuple[int, dict[str, Any]]]:
        """The messages that wait, oldest first, each with the number to strike it off by."""
        with self.engine.connect() as db:
            rows = db.execute(
                sa.select(waiting.c.id, waiting.c.message)
                .where(waiting.c.sender_id == id_)
                .order_by(waiting.c.id)
            ).all()
        return [(number, json.loads(message)) for number, message in rows]

    def handed_on(self, number: int) -> None:
        """Strike off a message that waited."""
        with self.engine.begin() as db:
            db.execute(waiting.delete().where(waiting.c.id == number))

    def tell_once(self, id_: str, what: str) -> bool:
        """Whether ``what`` has still to be told in the conversation; from now on it counts as told."""
        with self.engine.begin() as db:
            known = db.execute(sa.select(told.c.what).where(told.c.sender_id == id_, told.c.what == what))
            if known.first() is not None:
                return False
            db.execute(told.insert().values(sender_id=id_, what=what))
        return True

    def share(self, id_: str, rehearsal: Mapping[str, Any]) -> None:
        """Keep a finished rehearsal for the trainer; the same one twice is kept once."""
        text = json.dumps(rehearsal, ensure_ascii=False)
        mine = {"sender_id": id_, "digest": _digest(text)}
        with self.engine.begin() as db:
            if not db.execute(sa.select(shared.c.at).filter_by(**mine)).first():
                db.execute(shared.insert().values(**mine, at=time.time(), rehearsal=text))

    def shared(self) -> list[dict[str, Any]]:
        """The rehearsals that were shared with a trainer, oldest first."""
        with self.engine.connect() as db:
            rows = db.execute(sa.select(shared.c.rehearsal).order_by(shared.c.at)).scalars().all()
        return [json.loads(text) for text in rows]

    def wipe(self, id_: str) -> None:
        """Delete all that was said and concluded; the conversation itself can go on."""
        with self.engine.begin() as db:
            db.execute(states.delete().where(states.c.sender_id == id_))
            db.execute(waiting.delete().where(waiting.c.sender_id == id_))
            db.execute(told.delete().where(told.c.sender_id == id_))
            db.execute(shared.delete().where(shared.c.sender_id == id_))
            if sa.inspect(db).has_table("events"):
                db.execute(sa.delete(events).where(events.c.sender_id == id_))

    def delete(self, id_: str) -> None:
        """Delete everything kept of the conversation."""
        self.wipe(id_)
        with self.engine.begin() as db:
            db.execute(conversations.delete().where(conversations.c.id == id_))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
