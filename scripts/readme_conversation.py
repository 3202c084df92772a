"""Runs the README's conversation again and writes what was said into it. The words of the user stay."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from critical_friend.cli.chatting import Conversation
from critical_friend.cli.serving import servers

README = Path(__file__).resolve().parents[1] / "README.md"
MARKS = re.compile(r"(<!-- conversation -->\n)(.*?)(<!-- /conversation -->)", re.DOTALL)


def said_by_user(readme: str) -> list[str]:
    """The user's lines in the README's conversation."""
    return re.findall(r"^\*\*you\*\* (.+)$", _part(readme), re.MULTILINE)


def _part(readme: str) -> str:
    found = MARKS.search(readme)
    if found is None:
        raise SystemExit("README.md has no <!-- conversation --> part")
    return found[2]


def run(lines: list[str], url: str) -> str:
    """The conversation as Markdown."""
    talk = Conversation(url)
    out = []
    for line in lines:
        out.append(f"**you** {line}\n")
        for reply in talk.say(line):
            text = reply["text"].replace("\n", "<br>")
            buttons = " ".join(f"`{button['title']}`" for button in reply["buttons"])
            out.append(f"> {text}{'<br>' + buttons if buttons else ''}\n")
    talk.close()
    return "\n".join(out) + "\n"


def main() -> None:
    """Rewrite the README's part, or with ``--check`` only say whether it would change."""
    readme = README.read_text(encoding="utf-8")
    with servers() as url:
        ran = run(said_by_user(readme), url)
    if "--check" in sys.argv:
        raise SystemExit(0 if ran == _part(readme) else "The README's conversation runs differently now.")
    README.write_text(MARKS.sub(lambda m: m[1] + ran + m[3], readme), encoding="utf-8")


if __name__ == "__main__":
    main()
