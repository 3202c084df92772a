"""The real Slack part as a process of its own, between the stand-in for Slack and a gateway."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[1]))  # also outside pytest
from support import wait_for

from critical_friend.cli.serving import ROOT, free_port
from tests.slack.stand_in import APP_TOKEN, BOT_TOKEN, SECRET, StandIn

KEY = "the-service-key-of-these-tests-0123456789"


class World:
    """Slack, and the process that answers in it. It can be killed and started again."""

    def __init__(self, folder: Path, gateway: str, key: str = KEY, http: bool = False) -> None:
        self.folder = folder
        self.slack = StandIn()
        self.http = http
        port = free_port()
        self.environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "CRITICAL_FRIEND_SERVICE_KEY": key,
            "CRITICAL_FRIEND_URL": gateway,
            "CRITICAL_FRIEND_SLACK_DATABASE": f"sqlite:///{folder / 'slack.db'}",
            "CRITICAL_FRIEND_SLACK_API": self.slack.api,
            **(
                {"SLACK_SIGNING_SECRET": SECRET, "SLACK_PORT": str(port)}
                if http
                else {"SLACK_APP_TOKEN": APP_TOKEN}
            ),
        }
        if http:
            self.environment.pop("SLACK_APP_TOKEN", None)
            self.slack.request_url = f"http://127.0.0.1:{port}/slack/events"
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> World:
        self.slack.__enter__()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill(signal.SIGTERM)
        self.slack.__exit__()

    def start(self) -> None:
        """Start it, and wait until Slack can reach it."""
        self.begin()
        wait_for(self.reachable, 30, f"the Slack part (see {self.folder / 'slack.log'})")

    def begin(self) -> None:
        """Start it, whatever comes of that."""
        log = (self.folder / "slack.log").open("ab")
        command = [sys.executable, "-W", "ignore", "-m", "critical_friend", "slack"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)

    def reachable(self) -> bool:
        """Whether Slack can reach it."""
        assert self.process is not None and self.process.poll() is None, self.log()
        if not self.http:
            return self.slack.connected() > 0
        import socket

        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", int(self.environment["SLACK_PORT"]))) == 0

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End it, at once by default."""
        if self.process is not None:
            self.process.send_signal(how)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)
            self.process = None

    def log(self) -> str:
        """What it has logged."""
        return (self.folder / "slack.log").read_text(errors="replace")

    def rows(self, statement: str) -> list[Any]:
        """Rows of its database."""
        db = sqlite3.connect(self.folder / "slack.db", timeout=20)
        try:
            with db:
                return db.execute(statement).fetchall()
        finally:
            db.close()

    def settled(self, seconds: float = 30) -> None:
        """Wait until all that came in is done."""
        open_jobs = "SELECT kind, key, attempts FROM jobs WHERE done IS NULL"
        wait_for(
            lambda: not self.rows(open_jobs),
            seconds,
            f"the inbox to be empty: {self.rows(open_jobs)}\n{self.log()[-3000:]}",
        )
