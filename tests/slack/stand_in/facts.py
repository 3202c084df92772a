"""What the stand-in takes over from Slack and from ``slack/manifest.yml``: ids, scopes, methods, events."""

from __future__ import annotations

from typing import Any

import yaml

from critical_friend.cli.serving import ROOT

MANIFEST = yaml.safe_load((ROOT / "slack" / "manifest.yml").read_text(encoding="utf-8"))
BOT_TOKEN, APP_TOKEN, SECRET = "xoxb-stand-in", "xapp-stand-in", "signing-secret-of-the-stand-in"
TEAM, BOT, BOT_ID, APP = "T0OURS", "U0BOT", "B0BOT", "A0APP"
ACK = 3.0
RETRIES = (0.0, 0.5, 1.0, 2.0)
#: Scopes that Slack knows (of bots, as far as they could matter here).
SCOPES = set(
    "app_mentions:read channels:history channels:join channels:read chat:write chat:write.public commands "
    "files:read files:write groups:history groups:read im:history im:read im:write mpim:history "
    "reactions:read reactions:write team:read users:read users:read.email".split()
)
NEEDS = {
    "auth.test": (),
    "chat.postMessage": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.update": ("chat:write",),
    "chat.getPermalink": (),
    "conversations.open": ("im:write",),
    "conversations.info": ("channels:read", "groups:read"),
    "conversations.members": ("channels:read", "groups:read"),
    "conversations.history": ("channels:history", "groups:history", "im:history"),
    "conversations.replies": ("channels:history", "groups:history", "im:history"),
    "users.info": ("users:read",),
    "team.info": ("team:read",),
    "views.open": (),
    "views.update": (),
    "views.publish": (),
    "reactions.add": ("reactions:write",),
    "files.getUploadURLExternal": ("files:write",),
    "files.completeUploadExternal": ("files:write",),
    "files.delete": ("files:write",),
}
EVENTS_NEED = {
    "app_mention": "app_mentions:read",
    "app_home_opened": None,
    "member_left_channel": "channels:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
}


class Refusal(Exception):
    """Slack's 'ok: false'."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.answer = {"ok": False, "error": error, **more}
