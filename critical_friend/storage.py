"""What is kept of conversations, in one database: who may open them, and where each stands.

``events`` is Rasa's own table (one row an event, append only). ``states`` holds where a conversation
stands in one row, so that a turn reads one row however long the talk is. ``waiting`` holds
messages that could not be handed to Rasa yet. ``conversations`` holds the digest of the token that
opens one; the token itself is kept nowhere. ``served`` names those that the service's key opens too.
``told`` holds what a user has been told that is said only once. ``answers`` holds, for a day, the
replies to messages that came with an idempotency key. ``shared`` holds finished rehearsals that were
given to a trainer.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
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
served = sa.Table("served", metadata, sa.Column("sender_id", sa.String(64), primary_key=True))
answers = sa.Table(
    "answers",
    metadata,
    sa.Column("sender_id", sa.String(64), primary_key=True),
    sa.Column("key", sa.String(128), primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("turn", sa.String(64), nullable=False),
    sa.Column("at", sa.Float, nullable=False, index=True),
    sa.Column("replies", sa.Text),
)
#: Seconds for which the replies to a message with an idempotency key are kept.
KEPT_ANSWERS = 24 * 60 * 60
_TOKEN_BYTES, _TOKEN = 32, re.compile(r"[A-Za-z0-9_-]{43}")
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


@dataclass(frozen=True)
class Claim:
    """A message with an idempotency key: the ``turn`` that answers it, a ``digest`` of what was sent,
    and the ``replies`` once there are any. ``fresh`` when the key was not known before."""

    turn: str
    digest: str
    replies: list[dict[str, Any]] | None
    fresh: bool


class Storage:
    """Conversations and their transcripts. Safe for use from several threads."""

    def __init__(self, url: str | None = None) -> None:
        # Without their parameters, faults of the database can be logged: those are people's words.
        self.engine = sa.create_engine(url or database_url(), future=True, hide_parameters=True)
        metadata.create_all(self.engine)

    def open(self, *, by_service: bool = False) -> tuple[str, str]:
        """A new conversation: its id and its token."""
        id_, token = secrets.token_urlsafe(16), secrets.token_urlsafe(_TOKEN_BYTES)
        with self.engine.begin() as db:
            db.execute(conversations.insert().values(id=id_, token_digest=digest(token), created=time.time()))
            if by_service:
                db.execute(served.insert().values(sender_id=id_))
        return id_, token

    def may_open(self, id_: str, token: str) -> bool:
        """Whether ``token`` opens the conversation ``id_``."""
        with self.engine.connect() as db:
            kept = db.execute(
                sa.select(conversations.c.token_digest).where(conversations.c.id == id_)
            ).scalar()
        # Compared also when there is none, so that the time taken tells nothing.
        return hmac.compare_digest(kept or digest(""), digest(token)) and kept is not None

    def is_served(self, id_: str) -> bool:
        """Whether there is such a conversation and the service opened it."""
        with self.engine.connect() as db:
            found = sa.select(served.c.sender_id).where(served.c.sender_id == id_)
            return db.execute(found).first() is not None

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
        """Who said what, oldest first: ``{"by": "user"|"bot", "text", "at", "speaker"?, "buttons"?}``.

        Buttons are there on the replies of the last turn. What waits to be handed on comes last.
        """
        told: list[dict[str, Any]] = []
        last_turn: list[tuple[dict[str, Any], Any]] = []
        for type_name, at, data in self._events(id_):
            if not data.get("text"):
                continue
            line = {"by": type_name, "text": data["text"], "at": at}
            speaker = (data.get("metadata") or {}).get("by" if type_name == "user" else "speaker")
            told.append({**line, "speaker": speaker} if speaker else line)
            last_turn = [] if type_name == "user" else [*last_turn, (told[-1], data.get("data") or {})]
        waits = [message for _, message in self.waiting(id_)]
        if not waits:
            for line, kept in last_turn:
                line.update({"buttons": kept["buttons"]} if kept.get("buttons") else {})
        for message in waits:
            line = {"by": "user", "text": message["text"], "at": _seconds(message["at"])}
            told.append({**line, "speaker": message["by"]} if message.get("by") else line)
        return told

    def replies_to(self, id_: str, turn: str) -> list[dict[str, Any]] | None:
        """The replies of an earlier turn as they were recorded; ``None`` if it is not in the record."""
        replies: list[dict[str, Any]] | None = None
        for type_name, _, data in self._events(id_):
            if type_name == "user":
                if replies is not None:
                    break
                replies = [] if data.get("message_id") == turn else None
            elif replies is not None and data.get("text"):
                speaker = (data.get("metadata") or {}).get("speaker")
                said = {"text": data["text"], "buttons": (data.get("data") or {}).get("buttons", [])}
                replies.append({**said, "speaker": speaker} if speaker else said)
        return replies

    def _events(self, id_: str) -> Iterator[tuple[str, float, dict[str, Any]]]:
        with self.engine.connect() as db:
            if not sa.inspect(db).has_table("events"):
                return
            rows = db.execute(
                sa.select(events.c.type_name, events.c.timestamp, events.c.data)
                .where(events.c.sender_id == id_, events.c.type_name.in_(("user", "bot")))
                .order_by(events.c.id)
            )
            for type_name, at, data in rows:
                yield type_name, at, json.loads(data)

    def claim(self, id_: str, key: str, sent: str) -> Claim:
        """Take ``key`` for a message with the digest ``sent``, or see what it was taken for before.

        Of several that claim at once, also from several processes, one gets a fresh claim.
        """
        turn, now = secrets.token_urlsafe(16), time.time()
        taken = sa.select(answers.c.turn, answers.c.digest, answers.c.replies).where(
            answers.c.sender_id == id_, answers.c.key == key
        )
        try:
            with self.engine.begin() as db:
                db.execute(answers.insert().values(sender_id=id_, key=key, digest=sent, turn=turn, at=now))
        except sa.exc.IntegrityError:
            with self.engine.connect() as db:
                row = db.execute(taken).one()
            return Claim(row.turn, row.digest, json.loads(row.replies) if row.replies else None, False)
        return Claim(turn, sent, None, True)

    def answered(self, id_: str, key: str, claim: Claim, replies: list[dict[str, Any]]) -> None:
        """Keep the replies to a claimed message."""
        row = {"digest": claim.digest, "turn": claim.turn, "at": time.time(), "replies": json.dumps(replies)}
        with self.engine.begin() as db:
            mine = answers.update().where(answers.c.sender_id == id_, answers.c.key == key)
            if not db.execute(mine.values(**row)).rowcount:  # wiped by the very turn
                db.execute(answers.insert().values(sender_id=id_, key=key, **row))

    def drop_answers(self, before: float) -> None:
        """Forget the replies kept for idempotency keys since before then."""
        with self.engine.begin() as db:
            db.execute(answers.delete().where(answers.c.at < before))

    def unused_since(self, then: float, only: str | None = None) -> list[str]:
        """The conversations that were opened before ``then`` and in which nothing was said since.

        With ``only`` it looks at that one alone.
        """
        with self.engine.connect() as db:
            old = sa.select(conversations.c.id).where(conversations.c.created < then)
            old = old.where(conversations.c.id == only) if only else old
            if sa.inspect(db).has_table("events"):
                said = sa.select(events.c.sender_id).where(
                    events.c.sender_id == conversations.c.id, events.c.timestamp >= then
                )
                old = old.where(~sa.exists(said))
            return [row.id for row in db.execute(old)]

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
        mine = {"sender_id": id_, "digest": digest(text)}
        with self.engine.begin() as db:
            if not db.execute(sa.select(shared.c.at).filter_by(**mine)).first():
                db.execute(shared.insert().values(**mine, at=time.time(), rehearsal=text))

    def shared(self) -> list[dict[str, Any]]:
        """The rehearsals that were shared with a trainer, oldest first."""
        with self.engine.connect() as db:
            rows = db.execute(sa.select(shared.c.rehearsal).order_by(shared.c.at)).scalars().all()
        return [json.loads(text) for text in rows]

    def take_back(self, by: str) -> int:
        """Delete what somebody shared under that name; how many rehearsals that was."""
        with self.engine.begin() as db:
            rows = db.execute(sa.select(shared.c.sender_id, shared.c.digest, shared.c.rehearsal)).all()
            mine = [(id_, mark) for id_, mark, text in rows if json.loads(text)["by"] == by]
            for id_, mark in mine:
                db.execute(shared.delete().filter_by(sender_id=id_, digest=mark))
        return len(mine)

    def wipe(self, id_: str) -> None:
        """Delete all that was said and concluded; the conversation itself can go on."""
        with self.engine.begin() as db:
            db.execute(states.delete().where(states.c.sender_id == id_))
            db.execute(waiting.delete().where(waiting.c.sender_id == id_))
            db.execute(told.delete().where(told.c.sender_id == id_))
            db.execute(answers.delete().where(answers.c.sender_id == id_))
            db.execute(shared.delete().where(shared.c.sender_id == id_))
            if sa.inspect(db).has_table("events"):
                db.execute(sa.delete(events).where(events.c.sender_id == id_))

    def delete(self, id_: str) -> None:
        """Delete everything kept of the conversation."""
        self.wipe(id_)
        with self.engine.begin() as db:
            db.execute(served.delete().where(served.c.sender_id == id_))
            db.execute(conversations.delete().where(conversations.c.id == id_))


def is_token(text: str) -> bool:
    """Whether ``text`` could be a token of ours by its form."""
    return _TOKEN.fullmatch(text) is not None


def digest(text: str) -> str:
    """What is kept in place of ``text``, which nobody can get back from it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _seconds(at: str) -> float:
    return datetime.fromisoformat(at).timestamp()
