"""The threads that work off the inbox."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping

import sqlalchemy as sa

from critical_friend.places import places
from critical_friend.slack import commands, rendering, talking, windows
from critical_friend.slack.inbox import LEASE, WINDOW, Inbox, Job
from critical_friend.slack.office import Office
from critical_friend.slack.trouble import ASSISTANT, Away, Later, Refused, wait
from critical_friend.slack.words import words

LOG = logging.getLogger(__name__)
HANDS = 8
#: After so long it is given up: the assistant, too, forgets by then what it has answered.
LONGEST = 24 * 3600.0
#: An error of ours is tried again so often; it may have been a passing one.
MOST_ERRORS = 3

#: What somebody asked for, and waits for.
ASKED = ("say", "press", "command", "rehearse", "brief", "corrections", "note", "settings")

Handler = Callable[[Office, Job], None]


def _left(office: Office, job: Job) -> None:
    office.places.left(job.payload["channel"], job.payload["person"])


HANDLERS: Mapping[str, Handler] = {
    "say": talking.say,
    "press": talking.press,
    "corrections": talking.corrections,
    "note": talking.note,
    "checkin": talking.check_in,
    "command": commands.run,
    "rehearse": commands.rehearse,
    "brief": commands.private_brief,
    "open": windows.open_,
    "settings": windows.save_settings,
    "home": windows.home,
    "left": _left,
}


class Crew:
    """Works off lanes side by side, and each lane in order."""

    def __init__(self, office: Office, hands: int = HANDS) -> None:
        self._office = office
        self._inbox: Inbox = office.inbox
        self._hands = hands
        self._held: set[str] = set()
        self._guard = threading.Lock()
        self._stopped = threading.Event()

    def start(self) -> None:
        """Begin to work."""
        for number in range(self._hands):
            threading.Thread(target=self._work, daemon=True, name=f"hand {number}").start()
        threading.Thread(target=self._work, args=(True,), daemon=True, name="windows").start()
        threading.Thread(target=self._hold, daemon=True, name="leases").start()

    def stop(self) -> None:
        """Take on nothing more."""
        self._stopped.set()

    def _work(self, windows_only: bool = False) -> None:
        while not self._stopped.is_set():
            try:
                lane = self._inbox.claim(windows_only)
                if lane is None:
                    self._inbox.wait(0.5)
                else:
                    self._lane(lane)
            except sa.exc.SQLAlchemyError as error:
                LOG.error("My database could not be used; I try again. %s", places(error))
                self._stopped.wait(1)

    def _hold(self) -> None:
        while not self._stopped.wait(LEASE / 4):
            with self._guard:
                held = set(self._held)
            try:
                self._inbox.keep(held)
            except sa.exc.SQLAlchemyError as error:
                LOG.error("My database could not be used; I try again. %s", places(error))

    def _lane(self, lane: str) -> None:
        with self._guard:
            self._held.add(lane)
        try:
            if not lane.startswith(WINDOW):
                self._inbox.let_in()
            while not self._stopped.is_set() and (job := self._inbox.head(lane)) and self._do(job):
                pass
        finally:
            with self._guard:
                self._held.discard(lane)
            self._inbox.release(lane)

    def _do(self, job: Job) -> bool:
        """Do one job. False when it has to be tried again later."""
        try:
            HANDLERS[job.kind](self._office, job)
        except Later as later:  # whoever runs this is told by the outages, once for all jobs
            if time.time() - job.received > LONGEST:
                LOG.error("%s %s is given up after a day: %s", job.kind, job.key, later)
                self._fail(job, str(later))
                return True
            if isinstance(later, Away) and later.what == ASSISTANT and job.attempts == 1:
                self._tell(job, "away")
            self._inbox.put_off(job, later.after if later.after is not None else wait(job.attempts))
            return False
        except Refused as refused:
            LOG.error("%s %s was refused, and who waits was told: %s", job.kind, job.key, refused.error)
            self._fail(job, refused.error)
        except sa.exc.SQLAlchemyError:
            raise
        except Exception as error:  # an error of ours must not stop the lane: those behind it wait for it
            LOG.error("%s %s went wrong. %s", job.kind, job.key, places(error))
            if job.attempts < MOST_ERRORS:
                self._inbox.put_off(job, wait(job.attempts))
                return False
            self._fail(job, type(error).__name__)
        else:
            self._inbox.done(job)
        return True

    def _fail(self, job: Job, why: str) -> None:
        self._tell(job, "failed")
        self._inbox.done(job, why)

    def _tell(self, job: Job, word: str) -> None:
        """Tell who waits, where they asked: in the thread, or in private."""
        did, office = job.payload, self._office
        posts = rendering.letter(words(word))
        try:
            if job.kind in ("say", "press") and did.get("channel"):
                office.post(job, did["channel"], did.get("thread"), posts, part=word)
            elif job.kind in ASKED and did.get("response_url"):
                office.poster.respond(did["response_url"], posts[0].text, posts[0].blocks)
            elif job.kind in ASKED:
                office.post(job, office.direct(did["person"]).channel, None, posts, part=word)
        except (Later, Refused) as trouble:
            LOG.warning("%s %s: who waits for it could not be told: %s", job.kind, job.key, trouble)
