"""Slack's way of writing text, in and out."""

from __future__ import annotations

import html
import re

from critical_friend.slack.words import words

#: The gateway takes 4,000 characters a message; so much of them is used.
LONGEST_TURN = 3_800
_MENTION = re.compile(r"<@(\w+)(?:\|[^>]*)?>")
_CHANNEL = re.compile(r"<#\w+(?:\|([^>]*))?>")
_GROUP = re.compile(r"<!subteam\^\w+(?:\|@?([^>]*))?>")
_SPECIAL = re.compile(r"<!(?:date\^[^|>]*\|([^>]*)|(\w+)(?:\|[^>]*)?)>")
_LINK = re.compile(r"<((?:https?|mailto|tel):[^|>]+)(?:\|([^>]*))?>")
_EMOJI = re.compile(r"(?<![\w:]):[a-z0-9_+'\-]+:(?::skin-tone-\d:)?(?![\w:])")
_YES = re.compile(r"^(?::(?:\+1|thumbsup|white_check_mark|heavy_check_mark|100)::?(?:skin-tone-\d:)?\s*)+$")
_NO = re.compile(r"^(?::(?:-1|thumbsdown|x)::?(?:skin-tone-\d:)?\s*)+$")


def plain(text: str, bot: str) -> str:
    """What somebody wrote, as plain words.

    The mention of ``bot`` goes, others become "a colleague": their names are nobody's business
    here. Links keep their words, emoji go; a thumb alone is a yes or a no.
    """
    text = re.sub(rf"<@{re.escape(bot)}(?:\|[^>]*)?>[,:]?", " ", text)
    bare = text.strip()
    if _YES.match(bare):
        return "Yes"
    if _NO.match(bare):
        return "No"
    text = _MENTION.sub(words("colleague"), text)
    text = _CHANNEL.sub(lambda found: f"#{found[1]}" if found[1] else "a channel", text)
    text = _GROUP.sub(lambda found: found[1] or "a group", text)
    text = _SPECIAL.sub(lambda found: found[1] or "everybody", text)
    text = _LINK.sub(lambda found: found[2] or found[1].removeprefix("mailto:").removeprefix("tel:"), text)
    text = _EMOJI.sub(" ", html.unescape(text))
    return "\n".join(re.sub(r"[ \t]+", " ", line).strip() for line in text.splitlines()).strip()


def escaped(text: str) -> str:
    """``text`` so that Slack shows it as it is: nobody is called by it, and nothing is a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def pieces(text: str, most: int) -> list[str]:
    """``text`` in pieces of at most ``most`` characters, cut where it hurts least."""
    found: list[str] = []
    rest = text.strip()
    while len(rest) > most:
        cut = max(_last(rest, mark, most) for mark in ("\n\n",))
        for mark in ("\n", ". ", "? ", "! ", " "):
            cut = cut if cut > most // 3 else _last(rest, mark, most)
        cut = cut if cut > 0 else most
        found.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    return [*found, rest] if rest else found


def _last(text: str, mark: str, most: int) -> int:
    at = text.rfind(mark, 0, most - len(mark) + 1)
    return at + len(mark) if at >= 0 else 0


def clipped(text: str, most: int) -> str:
    """``text``, at most ``most`` characters of it."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
