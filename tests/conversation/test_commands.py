"""The command line as a user calls it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import jsonschema
import pytest
from support import SCHEMA, Servers

from critical_friend.case import Case, Evidence
from critical_friend.cli.serving import ROOT, free_port

COMMAND = [sys.executable, "-W", "ignore", "-m", "critical_friend"]


def run(
    *args: str, given: str | None = None, env=None, cwd=ROOT, home: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command; in a new ``home``, if none is given, so that no talk is taken up."""
    with tempfile.TemporaryDirectory() as nowhere:
        return subprocess.run(
            [*COMMAND, *args],
            input=given,
            capture_output=True,
            text=True,
            timeout=200,
            cwd=cwd,
            env={**os.environ, "XDG_CONFIG_HOME": str(home or nowhere), **(env or {})},
        )


def test_assess_goes_on_after_malformed_lines_and_keeps_the_order():
    given = "\n".join(
        [
            json.dumps({"id": "a", "messages": ["Kia ora", "Nobody senior covers for us."]}),
            "{not json",
            json.dumps({"id": "c", "messages": "one text"}),
            json.dumps({"id": "d", "messages": ["", "x"]}),
            json.dumps({"messages": ["x"]}),
            json.dumps([1]),
            json.dumps({"id": 7, "messages": []}),
        ]
    )
    done = run("assess", "-", given=given)
    assert done.returncode == 1
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", None, "c", "d", None, None, 7]
    assert "Line 2: this is not JSON" in answers[1]["error"]
    assert "'messages' should be a list of texts" in answers[2]["error"]
    assert "message 1 should be a text that is not empty" in answers[3]["error"]
    assert "'id' is missing" in answers[4]["error"]
    jsonschema.validate(answers[0]["reading"], SCHEMA)
    jsonschema.validate(answers[6]["reading"], SCHEMA)
    assert [set(turn) for turn in answers[0]["turns"]] == [{"intent", "signals"}] * 2
    assert answers[0]["turns"][0] == {"intent": "greet", "signals": {}}


def test_assess_of_a_file_that_is_not_there():
    done = run("assess", "nowhere.jsonl")
    assert done.returncode == 2
    assert "nowhere.jsonl" in done.stderr and "Traceback" not in done.stderr


def test_brief_of_a_case(tmp_path):
    case = json.dumps(
        {"id": "a", "messages": ["Kia ora", {"text": "Nobody senior covers for us.", "by": "Mele"}]}
    )
    file = tmp_path / "cases.jsonl"
    file.write_text(f"{case}\n{json.dumps({'id': 'b', 'messages': []})}\n")
    done = run("brief", str(file), "--id", "a", "--talk", "--notes", "Ring Aroha")
    assert done.returncode == 0 and done.stdout.startswith("# Where our joint work stands")
    for told in ("- Guardian angel: Somebody senior", "**Mele:** Nobody senior covers for us.", "Ring Aroha"):
        assert told in done.stdout


def test_brief_of_what_assess_printed(reader, tmp_path):
    case = Case((Evidence("guardian_angel", "no", "nobody"),))
    reading = json.dumps({"id": "a", "reading": reader.read(case), "turns": []})
    out = tmp_path / "new" / "brief.svg"
    done = run("brief", "-", "--form", "svg", "--out", str(out), given=reading)
    assert done.returncode == 0 and done.stdout == "" and str(out) in done.stderr
    assert "guardian angel: missing" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("given", "args", "told"),
    [
        ("", [], "has no case in it"),
        (
            '{"id": 1, "messages": []}\n{"id": 2, "messages": []}',
            [],
            "has 2 cases (1, 2). Say which one with --id",
        ),
        ('{"id": 1, "messages": []}', ["--id", "7"], "no case with the id '7'. There are: 1."),
        ("{", [], "Line 1: this is not JSON"),
        ('{"id": 1, "reading": {"phase": 3}}', [], "Run 'assess' again"),
    ],
)
def test_brief_of_what_is_no_case(given, args, told):
    done = run("brief", "-", *args, given=given)
    assert done.returncode == 1 and told in done.stderr
    assert "Traceback" not in done.stderr and done.stdout == ""


def test_serve_says_when_a_setting_is_wrong():
    done = run("serve", env={"CRITICAL_FRIEND_KEEP_DAYS": "soon"})
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "CRITICAL_FRIEND_KEEP_DAYS is 'soon'" in done.stderr


def test_guidance_check():
    done = run("guidance", "check")
    assert done.returncode == 0 and done.stdout.startswith("The guidance is sound: 32 signals")


def test_guidance_check_of_broken_guidance(tmp_path):
    (tmp_path / "a.yml").write_text("rules: 1\n")
    done = run("guidance", "check", str(tmp_path))
    assert done.returncode == 1
    assert "a.yml:1: 'rules' should be a list." in done.stdout


def test_wrong_usage():
    assert run("nonsense").returncode == 2


def test_serve_says_when_the_port_is_taken():
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("serve", "--port", str(port))
    assert done.returncode == 1
    assert f"Port {port} is taken by another program" in done.stderr and "make run PORT=" in done.stderr


def test_chat_in_the_terminal(servers: Servers):
    done = run("chat", "--url", servers.url, given="Kia ora\nwhat is a guardian angel?\nquit\n")
    assert done.returncode == 0
    assert "I am Critical Friend" in done.stdout and "protects the work" in done.stdout


def test_a_talk_in_the_terminal_is_taken_up_until_a_new_one_begins(servers: Servers, tmp_path):
    told, asked = "nobody senior covers for us\nquit\n", "what have you noted?\nquit\n"
    first, again, fresh = (
        run("chat", "--url", servers.url, *new, given=given, home=tmp_path).stdout
        for given, new in ((told, ()), (asked, ()), (asked, ("--new",)))
    )
    assert "kept for when you come back" in first and "leave out the names" in first
    assert "I still have what you told me" in again and "nobody senior covers for us" in again
    assert "I do not know anything about your work yet" in fresh
    (file,) = tmp_path.rglob("talks.json")
    assert file.stat().st_mode & 0o077 == 0


def test_a_talk_that_the_server_forgot_is_begun_anew(servers: Servers, tmp_path):
    file = tmp_path / "critical-friend" / "talks.json"
    file.parent.mkdir()
    file.write_text(json.dumps({servers.url: ["gone", "no-token"]}), encoding="utf-8")
    done = run("chat", "--url", servers.url, given="Kia ora\nquit\n", home=tmp_path)
    assert done.returncode == 0 and "leave out the names" in done.stdout
    assert json.loads(file.read_text(encoding="utf-8"))[servers.url][0] != "gone"


def test_the_brief_in_the_terminal(servers: Servers, tmp_path):
    file = tmp_path / "brief.html"
    given = f"nobody senior covers for us\n/brief\n/brief {file}\n/brief brief.doc\nquit\n"
    done = run("chat", "--url", servers.url, given=given)
    assert "Where our joint work stands" in done.stdout and "It is in" in done.stdout
    assert "I can keep it as .md, .html, .svg." in done.stdout
    assert "<svg" in file.read_text(encoding="utf-8")


def test_chat_with_no_server_there():
    done = run("chat", "--url", f"http://127.0.0.1:{free_port()}", given="Kia ora\n")
    assert done.returncode == 1
    assert "Is it running? Start it with 'make run'." in done.stderr and "Traceback" not in done.stderr


def test_rasas_own_validation_has_no_warning():
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "rasa", "data", "validate", "--fail-on-warnings"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"},
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


@pytest.mark.parametrize("module", ["conditions", "case", "reading", "dialogue", "guidance"])
def test_the_reasoning_imports_nothing_of_rasa(module):
    code = (
        f"import sys, critical_friend.{module}; sys.exit(any(m.split('.')[0] in "
        "('rasa', 'rasa_sdk', 'spacy', 'tensorflow', 'requests', 'onnxruntime') for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60).returncode == 0
