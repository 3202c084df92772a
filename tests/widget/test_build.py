"""The built file and the catalogue of its words."""

from __future__ import annotations

import gzip
import json
import re

import pytest
from browsing import WIDGET
from support import CI

from critical_friend.cli.serving import ROOT

SOURCES = ROOT / "widget" / "src"
TEXT = ROOT / "widget" / "text"
LARGEST = 20_000  # bytes, gzipped


def texts(language):
    return json.loads((TEXT / f"{language}.json").read_text(encoding="utf-8"))


def test_the_widget_is_small(servers):
    if not WIDGET.is_file():
        (pytest.fail if CI else pytest.skip)("The widget has not been built ('make setup' builds it).")
    sent = servers.get("/widget.js", headers={"Accept-Encoding": "gzip"})
    assert sent.headers["Content-Encoding"] == "gzip" and int(sent.headers["Content-Length"]) <= LARGEST
    assert len(gzip.compress(sent.content)) <= LARGEST, "also as other servers would pack it"
    plain = servers.get("/widget.js", headers={"Accept-Encoding": "identity"})
    assert plain.content == sent.content and "Content-Encoding" not in plain.headers


def test_other_sites_may_embed_the_widget_but_not_frame_the_page(servers):
    assert servers.get("/widget.js").headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    policy = servers.get("/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "script-src 'self'" in policy and "frame-ancestors 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy


def test_every_text_is_used_and_every_placeholder_is_known():
    english = texts("en")
    source = "".join(path.read_text(encoding="utf-8") for path in SOURCES.glob("*.ts"))
    families = {found.split("$")[0] for found in re.findall(r"`([a-z_]+\$\{\w+\}[a-z_]*)`", source)}
    unused = [
        key
        for key in english
        if f"'{key}'" not in source and not any(key.startswith(family) for family in families)
    ]
    assert not unused, f"nothing shows {unused}"
    for key, text in texts("mi").items():
        assert key in english, f"mi.json has {key}, which English lacks"
        assert re.findall(r"{(\w+)}", text) == re.findall(r"{(\w+)}", english[key]), key


def test_nothing_is_said_outside_the_catalogue():
    """No sentence stands in the code, where a translator would not find it."""
    for path in SOURCES.glob("*.ts"):
        code = re.sub(r"(^|\s)//.*", "", path.read_text(encoding="utf-8"))
        for literal in re.findall(r"'([^'\n]*)'", code):
            assert not re.search(r"[A-Z][a-z]+ [a-z]+ [a-z]+", literal), f"{path.name}: {literal}"


def test_the_lock_names_no_registry():
    lock = (ROOT / "widget" / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock and "http" not in lock
