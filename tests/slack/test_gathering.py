"""What comes at the same time is stored together, and nothing is acknowledged that is not stored."""

from __future__ import annotations

import sqlite3
from functools import partial

import pytest
import sqlalchemy as sa
from slack_bolt import App, BoltRequest
from slack_sdk import WebClient
from support import wait_for

from critical_friend.slack.database import Database
from critical_friend.slack.gathering import Gatherer
from critical_friend.slack.inbox import Inbox
from critical_friend.slack.intake import Intake
from critical_friend.slack.places import Places
from tests.slack.stand_in import BOT, BOT_TOKEN, StandIn


@pytest.fixture
def gathering(tmp_path):
    """A gatherer that has not begun yet, and what is stored (on a connection of its own)."""
    file = tmp_path / "slack.db"
    database = Database(f"sqlite:///{file}")
    inbox = Inbox(database)
    with StandIn() as slack:
        web = WebClient(token=BOT_TOKEN, base_url=slack.api)
        app = App(client=web, process_before_response=True)
        Intake(database, inbox, Places(database), BOT).listen(app)

        def stored(statement: str = "SELECT count(*) FROM jobs") -> int:
            with sqlite3.connect(file) as db:
                return int(db.execute(statement).fetchone()[0])

        yield Gatherer(app, inbox), stored


def mention(number: int):
    event = {
        "type": "app_mention",
        "user": "U1",
        "channel": "C1",
        "ts": f"{number}.1",
        "text": f"<@{BOT}> hello",
    }
    body = {"type": "event_callback", "team_id": "T1", "event_id": f"Ev{number}", "event": event}
    return partial(BoltRequest, mode="socket_mode", body=body)


def broken_press(number: int):
    action = {"action_id": "say:1", "type": "button", "value": "no JSON"}
    body = {"type": "block_actions", "user": {"id": "U1"}, "team": {"id": "T1"}, "trigger_id": str(number)}
    return partial(BoltRequest, mode="socket_mode", body={**body, "actions": [action]})


def test_an_acknowledgement_comes_after_what_came_with_it_is_stored(gathering):
    gatherer, stored = gathering
    seen: list[int] = []
    answers = [gatherer.take(mention(number)) for number in range(30)]
    for answer in answers:
        answer.add_done_callback(lambda _: seen.append(stored()))
    gatherer.start()
    assert {answer.result(20).status for answer in answers} == {200}
    wait_for(lambda: len(seen) == 30, 10, "the last to be told")
    assert set(seen) == {30}  # one transaction, and only then the first acknowledgement


def test_one_that_cannot_be_taken_in_takes_no_other_with_it(gathering):
    gatherer, stored = gathering
    answers = [gatherer.take(came) for came in (mention(1), broken_press(2), mention(3))]
    gatherer.start()
    assert [answer.result(20).status for answer in answers] == [200, 500, 200]
    assert stored() == 2


def test_what_cannot_be_stored_is_not_acknowledged(gathering):
    gatherer, stored = gathering
    answers = [gatherer.take(mention(number)) for number in range(3)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Inbox, "add", _full_disk)
        gatherer.start()
        assert [answer.result(20).status for answer in answers] == [500, 500, 500]
    assert stored() == 0 and stored("SELECT count(*) FROM places") == 0
    assert gatherer.take(mention(4)).result(20).status == 200 and stored() == 1


def _full_disk(self, *_args, **_more):
    raise sa.exc.OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))


def test_a_request_that_was_given_up_is_not_waited_for(gathering):
    gatherer, stored = gathering
    given_up, kept = gatherer.take(mention(1)), gatherer.take(mention(2))
    assert given_up.cancel()
    gatherer.start()
    assert kept.result(20).status == 200 and stored() == 1
