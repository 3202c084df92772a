"""The threads that work off the inbox."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping

from critical_friend.slack import commands, rendering, talking, windows
from critical_friend.slack.inbox import LEASE, Inbox, Job
from critical_friend.slack.office import Office
from critical_friend.slack.trouble import Away, Later, Refused, wait
from critical_friend.slack.words import words

LOG = logging.getLogger(__name__)
HANDS = 8
#: After so long it is given up: the assistant, too, forgets by then what it has answered.
LONGEST = 24 * 3600.0
#: An error of ours is tried again so often; it may have been a passing one.
MOST_ERRORS = 3

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
        threading.Thread(target=self._hold, daemon=True, name="leases").start()

    def stop(self) -> None:
        """Take on nothing more."""
        self._stopped.set()

    def _work(self) -> None:
        while not self._stopped.is_set():
            try:
                lane = self._inbox.claim()
                if lane is None:
                    self._inbox.wait(0.5)
                else:
                    self._lane(lane)
            except Exception:
                LOG.exception("the inbox could not be read")
                time.sleep(1)

    def _hold(self) -> None:
        while not self._stopped.wait(LEASE / 4):
            with self._guard:
                held = set(self._held)
            try:
                self._inbox.keep(held)
            except Exception:
                LOG.exception("the leases could not be renewed")

    def _lane(self, lane: str) -> None:
        with self._guard:
            self._held.add(lane)
        try:
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
        except Later as later:
            LOG.warning("%s %s: %s (attempt %d)", job.kind, job.key, later, job.attempts + 1)
            if time.time() - job.received > LONGEST:
                self._fail(job, str(later))
                return True
            if isinstance(later, Away) and job.attempts == 1:
                self._tell(job, "away")
            self._inbox.put_off(job, later.after if later.after is not None else wait(job.attempts))
            return False
        except Refused as refused:
            LOG.error("%s %s was refused: %s", job.kind, job.key, refused.error)
            self._fail(job, refused.error)
        except Exception as error:
            LOG.exception("%s %s", job.kind, job.key)
            if job.attempts < MOST_ERRORS:
                self._inbox.put_off(job, wait(job.attempts))
                return False
            self._fail(job, repr(error))
        else:
            self._inbox.done(job)
        return True

    def _fail(self, job: Job, why: str) -> None:
        self._tell(job, "failed")
        self._inbox.done(job, why)

    def _tell(self, job: Job, word: str) -> None:
        """Tell those who wait; if that does not work either, the log has to do."""
        channel = job.payload.get("channel")
        if job.kind not in ("say", "press") or not channel:
            return
        try:
            posts = rendering.letter(words(word))
            self._office.post(job, channel, job.payload.get("thread"), posts, part=word)
        except Exception as error:
            LOG.warning("%s %s: could not be told: %r", job.kind, job.key, error)
