"""What the Slack part has to know, from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LEAST_KEY = 32  # characters, as the gateway asks


class SettingsError(Exception):
    """Something is missing; the message says what, and where to get it."""


@dataclass(frozen=True)
class Settings:
    """Tokens and addresses. With ``app_token`` it speaks Socket Mode, else HTTP on ``port``."""

    bot_token: str
    app_token: str
    signing_secret: str
    service_key: str
    assistant: str
    database: str
    slack: str
    host: str
    port: int

    @classmethod
    def from_environment(cls, given: Mapping[str, str] | None = None) -> Settings:
        """The settings in ``given`` (the process's environment by default).

        Raises ``SettingsError`` with one line for each thing that is missing or wrong.
        """
        env = os.environ if given is None else given
        faults = list(_faults(env))
        if faults:
            raise SettingsError(
                "Slack cannot be started yet. What is missing:\n"
                + "\n".join(f"  - {fault}" for fault in faults)
                + "\nThe ten-minute guide is docs/slack.md."
            )
        local = f"http://127.0.0.1:{env.get('PORT', '5005')}"
        return cls(
            bot_token=env["SLACK_BOT_TOKEN"],
            app_token=env.get("SLACK_APP_TOKEN", ""),
            signing_secret=env.get("SLACK_SIGNING_SECRET", ""),
            service_key=env["CRITICAL_FRIEND_SERVICE_KEY"],
            assistant=env.get("CRITICAL_FRIEND_URL", local).rstrip("/"),
            database=env.get("CRITICAL_FRIEND_SLACK_DATABASE", _default_database()),
            slack=env.get("CRITICAL_FRIEND_SLACK_API", "https://slack.com/api/"),
            host=env.get("SLACK_HOST", "127.0.0.1"),
            port=int(env.get("SLACK_PORT", "3000")),
        )


def _faults(env: Mapping[str, str]) -> list[str]:
    faults = []
    if not env.get("SLACK_BOT_TOKEN"):
        faults.append(
            "SLACK_BOT_TOKEN: the bot's token. At api.slack.com/apps choose your app, "
            "'OAuth & Permissions', and copy the 'Bot User OAuth Token' (it begins with xoxb-)."
        )
    elif not env["SLACK_BOT_TOKEN"].startswith("xoxb-"):
        faults.append(
            "SLACK_BOT_TOKEN does not begin with xoxb-, so it is not a bot's token. Copy the "
            "'Bot User OAuth Token' from 'OAuth & Permissions' at api.slack.com/apps."
        )
    if not env.get("SLACK_APP_TOKEN") and not env.get("SLACK_SIGNING_SECRET"):
        faults.append(
            "SLACK_APP_TOKEN: the token for Socket Mode. 'Basic Information', 'App-Level Tokens', "
            "'Generate Token and Scopes', with the scope connections:write (it begins with xapp-). "
            "For HTTP instead, set SLACK_SIGNING_SECRET from 'Basic Information', 'App Credentials'."
        )
    elif env.get("SLACK_APP_TOKEN") and not env["SLACK_APP_TOKEN"].startswith("xapp-"):
        faults.append(
            "SLACK_APP_TOKEN does not begin with xapp-, so it is not an app's token. Make one under "
            "'Basic Information', 'App-Level Tokens', with the scope connections:write."
        )
    if len(env.get("CRITICAL_FRIEND_SERVICE_KEY", "")) < LEAST_KEY:
        faults.append(
            f"CRITICAL_FRIEND_SERVICE_KEY: a secret of at least {LEAST_KEY} characters that the servers "
            "and the Slack part share. Make one with: openssl rand -hex 32. Set it for 'make run' too."
        )
    if not env.get("SLACK_PORT", "3000").isdigit():
        faults.append(
            f"SLACK_PORT is '{env['SLACK_PORT']}', which is not a port. Give a number, such as 3000."
        )
    return faults


def _default_database() -> str:
    folder = Path(__file__).resolve().parents[2] / "var"
    folder.mkdir(exist_ok=True)
    return f"sqlite:///{folder / 'slack.db'}"
