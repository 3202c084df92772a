"""Starting the Slack part, and the servers beside it if none run."""

from __future__ import annotations

import logging
import os
from contextlib import ExitStack

import click

from critical_friend.cli.serving import healthy, servers
from critical_friend.slack.running import run
from critical_friend.slack.settings import Settings


def slack() -> None:
    """Run until Ctrl-C. Raises ``SettingsError`` or ``ServingError`` with what to do."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s: %(message)s")
    # What fails between here and Slack is said once, in our own words, with what to do.
    logging.getLogger("slack_sdk").setLevel(logging.CRITICAL)
    settings = Settings.from_environment()
    with ExitStack() as stack:
        if "CRITICAL_FRIEND_URL" not in os.environ and not healthy(settings.assistant):
            click.echo("Starting the servers, about 20 seconds …")
            stack.enter_context(servers(int(os.environ.get("PORT", "5005"))))
        run(settings, lambda text: click.echo(text))
