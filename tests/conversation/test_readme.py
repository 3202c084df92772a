"""The README's conversation is what is really said."""

from __future__ import annotations

import sys

from support import ROOT

sys.path.append(str(ROOT / "scripts"))
import readme_conversation


def test_the_readmes_conversation_runs_as_it_is_written(servers):
    readme = readme_conversation.README.read_text(encoding="utf-8")
    lines = readme_conversation.said_by_user(readme)
    assert len(lines) >= 8
    assert readme_conversation.run(lines, servers.url) == readme_conversation._part(readme), (
        "run: .venv/bin/python scripts/readme_conversation.py"
    )
