"""The Slack part's own database: what came in, what was posted, and which place in Slack is which case.

No words of a talk stay here. What somebody wrote is kept only until it is answered.

Statements are made once, with names for what is filled in: SQLAlchemy takes four times as long to make a
statement as SQLite takes to run it, and that time is taken from the three seconds that Slack waits.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData()

#: What came in, one row each. ``key`` is Slack's own id of it, so that nothing is taken in twice;
#: ``lane`` the case it belongs to, in which it is worked off by ``moment``; ``payload`` is emptied
#: when it is done.
jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.String(255), nullable=False, unique=True),
    sa.Column("lane", sa.String(255), nullable=False),
    sa.Column("moment", sa.Float, nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("payload", sa.Text),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("received", sa.Float, nullable=False),
    sa.Column("done", sa.Float, index=True),
    sa.Column("failed", sa.Text),
    sa.Index("lane_in_order", "lane", "done", "moment", "id"),
)
#: Who works on a lane, and until when nobody else may. Without an owner it waits until then.
lanes = sa.Table(
    "lanes",
    metadata,
    sa.Column("lane", sa.String(255), primary_key=True),
    sa.Column("owner", sa.String(64)),
    sa.Column("until", sa.Float, nullable=False, default=0),
)
#: What was posted. A row without ``ts`` was begun, and nobody knows whether Slack took it.
posts = sa.Table(
    "posts",
    metadata,
    sa.Column("key", sa.String(255), primary_key=True),
    sa.Column("channel", sa.String(64), nullable=False),
    sa.Column("thread", sa.String(64)),
    sa.Column("begun", sa.Float, nullable=False),
    sa.Column("ts", sa.String(64)),
)
#: A place in Slack that is one case: a thread, a whole channel, a direct message, or a rehearsal.
places = sa.Table(
    "places",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("channel", sa.String(64), nullable=False),
    sa.Column("thread", sa.String(64), nullable=False),  # empty: the whole of it
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("begun_by", sa.String(64), nullable=False),
    sa.Column("begun", sa.Float, nullable=False),
    sa.Column("used", sa.Float, nullable=False),
    sa.Column("conversation", sa.String(128)),
    sa.Column("last_job", sa.Integer, nullable=False, default=0),
    sa.Column("rhythm", sa.Integer, nullable=False, default=0),
    sa.Column("checkin", sa.Float),
    sa.Column("picture", sa.String(64)),
    sa.Column("picture_of", sa.String(64)),
    sa.UniqueConstraint("channel", "thread"),
)
#: Threads in which it answers without being mentioned: it was mentioned at their root, or began them.
threads = sa.Table(
    "threads",
    metadata,
    sa.Column("channel", sa.String(64), primary_key=True),
    sa.Column("thread", sa.String(64), primary_key=True),
)
#: Channels whose people chose that the whole channel is one case.
channels = sa.Table(
    "channels",
    metadata,
    sa.Column("channel", sa.String(64), primary_key=True),
    sa.Column("scope", sa.String(16), nullable=False),
)
#: Who takes part in which case.
members = sa.Table(
    "members",
    metadata,
    sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("person", sa.String(64), primary_key=True),
)
#: What a person is called in the cases. No two are called the same.
people = sa.Table(
    "people",
    metadata,
    sa.Column("person", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(120), nullable=False, unique=True),
)


def given(column: Any) -> Any:
    """``column`` equals the value that is filled in under its name."""
    return column == sa.bindparam(column.name)


def unless_there(table: sa.Table, *columns: str) -> Any:
    """Insert these columns, the values under their names, unless there is such a row already."""
    filled = ", ".join(f":{column}" for column in columns)
    return sa.text(
        f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({filled}) ON CONFLICT DO NOTHING"
    )


class Database:
    """Transactions that write and single reads. Safe from several threads and processes."""

    def __init__(self, url: str) -> None:
        sqlite = sa.engine.make_url(url).get_backend_name() == "sqlite"
        # Connections are kept: making one for every statement costs more than the statement.
        kept = (
            {"poolclass": sa.pool.QueuePool, "connect_args": {"check_same_thread": False}} if sqlite else {}
        )
        self._engine = sa.create_engine(url, future=True, pool_size=20, **kept)
        # Writers of this process wait in a row here. In SQLite's own queue somebody may starve.
        self._row: Any = threading.Lock() if sqlite else nullcontext()
        if sqlite:
            sa.event.listen(self._engine, "connect", _prepare)
            sa.event.listen(self._engine, "begin", _begin)
        metadata.create_all(self._engine)
        self._reading = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._own = threading.local()

    @contextmanager
    def begin(self) -> Iterator[Any]:
        """A transaction that may write. Within another one of this thread it is part of that."""
        current = getattr(self._own, "connection", None)
        if current is not None:
            yield current
            return
        with self._row, self._engine.begin() as db:
            self._own.connection = db
            try:
                yield db
            finally:
                self._own.connection = None

    def read(self, statement: Any, **values: Any) -> list[Any]:
        """The rows of ``statement`` with ``values`` filled in."""
        current = getattr(self._own, "connection", None)
        if current is not None:
            return list(current.execute(statement, values).all())
        with self._reading.connect() as db:
            return list(db.execute(statement, values).all())

    def write(self, statement: Any, **values: Any) -> int:
        """Run ``statement`` with ``values`` filled in; how many rows it changed."""
        with self.begin() as db:
            return int(db.execute(statement, values).rowcount)


def _prepare(connection: Any, _: Any) -> None:
    # Readers do not wait for writers. What is committed survives a kill of the process; a loss of power
    # may take the last moments, which is the price of not waiting for the disk at every step.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=20000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Any) -> None:
    # Taking the write lock at once: two that read first and then write would refuse each other.
    if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
