"""Starting the Slack part: the crew that answers, and one of the two ways in which Slack reaches it."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from critical_friend.slack.assistant import Assistant
from critical_friend.slack.crew import Crew
from critical_friend.slack.database import Database
from critical_friend.slack.gathering import BySocket, Gatherer, OverHttp
from critical_friend.slack.inbox import Inbox
from critical_friend.slack.intake import Intake
from critical_friend.slack.office import Office
from critical_friend.slack.outages import Outages
from critical_friend.slack.persons import Persons
from critical_friend.slack.places import Places
from critical_friend.slack.posting import Poster
from critical_friend.slack.rhythm import Rhythm
from critical_friend.slack.settings import Settings, SettingsError
from critical_friend.slack.trouble import (
    FAULTS,
    SCOPE,
    SLACK,
    SOCKET,
    TOKEN,
    Away,
    Refused,
    of_slack,
    wait,
)

LOG = logging.getLogger("critical_friend.slack")
TIMEOUT = 15
#: The scopes that the manifest asks for; a token with fewer is told at the start.
SCOPES = frozenset(
    "app_mentions:read channels:history channels:read chat:write commands files:write groups:history "
    "groups:read im:history im:write team:read users:read".split()
)
#: So often it looks whether the socket is still connected, in seconds.
LOOK = 5.0
_BOT_TOKEN = (
    "Slack does not take SLACK_BOT_TOKEN ({}). Copy the 'Bot User OAuth Token' anew from 'OAuth & "
    "Permissions' at api.slack.com/apps. If there is none, install the app there first."
)
_APP_TOKEN = (
    "Slack does not take SLACK_APP_TOKEN ({}). Make one under 'Basic Information', 'App-Level Tokens', with "
    "the scope connections:write, and turn 'Socket Mode' on."
)


def client(settings: Settings) -> WebClient:
    """The client of Slack's Web API. It waits when Slack says for how long.

    A broken line is not tried again here: whether the message arrived is looked up first (``posting``).
    """
    return WebClient(
        token=settings.bot_token,
        base_url=settings.slack,
        timeout=TIMEOUT,
        retry_handlers=[RateLimitErrorRetryHandler(max_retry_count=2)],
    )


def run(settings: Settings, ready: Callable[[str], None] = print) -> None:
    """Run until the process is ended. ``ready`` is told once Slack can reach it.

    Raises ``SettingsError`` when Slack does not take a token.
    """
    # Many threads work, and the one that acknowledges must not wait long for its turn among them.
    sys.setswitchinterval(0.0005)
    web, outages = client(settings), Outages()
    myself = _myself(web, outages)
    database = Database(settings.database)
    inbox, places, poster = Inbox(database), Places(database), Poster(database, web, outages)
    persons = Persons(places, poster, myself["team_id"])
    assistant = Assistant(settings.assistant, settings.service_key, outages)
    office = Office(inbox, places, poster, persons, assistant)
    # Stored first and then acknowledged: 'process_before_response' makes bolt keep that order.
    app = App(
        client=web,
        signing_secret=settings.signing_secret or "unused in Socket Mode",
        process_before_response=True,
        token_verification_enabled=True,
    )
    Intake(database, inbox, places, myself["user_id"]).listen(app)
    gatherer, crew, rhythm = Gatherer(app, inbox), Crew(office), Rhythm(places, inbox)
    gatherer.start()
    crew.start()
    rhythm.start()
    try:
        if settings.app_token:
            _socket(BySocket(app, gatherer, settings.app_token), outages, ready, myself["team"])
        else:
            _http(OverHttp(app, gatherer, "/slack/events"), settings, ready)
    finally:
        rhythm.stop()
        crew.stop()


def _myself(web: WebClient, outages: Outages) -> dict[str, Any]:
    """Who the bot is. Slack's own outages are waited out."""
    answer = _reached(web.auth_test, outages, SLACK, _BOT_TOKEN)
    granted = {name.lower(): value for name, value in answer.headers.items()}.get("x-oauth-scopes", "")
    granted = granted[0] if isinstance(granted, list) else granted
    missing = sorted(SCOPES - set(granted.split(","))) if granted else []
    if missing:
        raise SettingsError(
            f"The bot's token lacks these scopes: {', '.join(missing)}. Add them under 'OAuth & Permissions' "
            "(or paste slack/manifest.yml under 'App Manifest'), and install the app again."
        )
    return {key: answer[key] for key in ("user_id", "team_id", "team")}


def _reached(call: Callable[[], Any], outages: Outages, what: str, refused: str) -> Any:
    """What ``call`` gives, tried until Slack can be reached.

    Raises ``SettingsError`` with the words ``refused`` when Slack does not take the token.
    """
    attempts = 0
    while True:
        try:
            answer = call()
        except FAULTS as error:
            trouble = of_slack(error)
            if isinstance(trouble, Refused) or (isinstance(trouble, Away) and trouble.what in (TOKEN, SCOPE)):
                raise SettingsError(refused.format(trouble)) from None
            if isinstance(trouble, Away):
                outages.gone(what, str(trouble))
            time.sleep(trouble.after if trouble.after is not None else wait(attempts))
            attempts += 1
        else:
            outages.back(what)
            return answer


def _socket(handler: BySocket, outages: Outages, ready: Callable[[str], None], team: str) -> None:
    _reached(handler.connect, outages, SOCKET, _APP_TOKEN)
    ready(f"Critical Friend is in Slack, in the workspace {team} (Socket Mode). Ctrl-C stops it.")
    # slack_sdk connects anew by itself, and Slack asks for it often: only what lasts is told.
    stopped, before = threading.Event(), True
    try:
        while not stopped.wait(LOOK):
            connected = handler.client.is_connected()
            if connected:
                outages.back(SOCKET)
            elif not before:
                outages.gone(SOCKET, "it was closed, and a new one could not be made yet")
            before = connected
    finally:
        handler.close()  # type: ignore[no-untyped-call]


def _http(handler: OverHttp, settings: Settings, ready: Callable[[str], None]) -> None:
    import uvicorn

    address = f"http://{settings.host}:{settings.port}{handler.path}"
    ready(f"Critical Friend waits for Slack at {address}, behind your own TLS. Ctrl-C stops it.")
    uvicorn.run(handler, host=settings.host, port=settings.port, log_level="warning", ws="none")
