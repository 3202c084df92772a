"""Real servers for tests, each process in the test's hand."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import requests

from critical_friend.cli.chatting import Conversation
from critical_friend.cli.serving import ROOT, commands, environment, free_port, healthy

CI = os.environ.get("CI") == "true"
#: Settings of the servers for tests: a service's key, a site that embeds the widget, and a rate that
#: no test meets by being quick.
SERVICE_KEY = "a-key-for-tests-only-" + "k" * 32
ORIGIN = "https://intranet.example.govt.nz"
SETTINGS = {
    "CRITICAL_FRIEND_SERVICE_KEY": SERVICE_KEY,
    "CRITICAL_FRIEND_ORIGINS": ORIGIN,
    "CRITICAL_FRIEND_ADDRESS_RATE": "100000",
}
SCHEMA = json.loads((Path(__file__).parent / "contract" / "reading.schema.json").read_text(encoding="utf-8"))


def wait_for(condition: Callable[[], object], seconds: float, what: str) -> None:
    """Wait until ``condition`` holds; fail with ``what`` when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s in vain for {what}")
        time.sleep(0.1)


class Servers:
    """Rasa, its action server and the gateway, with a database of their own."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = folder / "case.db"
        rasa, actions = free_port(), free_port()
        self.environment = {
            **environment(rasa, actions),
            "CRITICAL_FRIEND_DATABASE": f"sqlite:///{self.database}",
            **settings,
        }
        self.commands = commands(self.port, rasa, actions, "127.0.0.1")
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        log = (self.folder / f"{name}.log").open("ab")
        self.processes[name] = subprocess.Popen(
            self.commands[name], cwd=ROOT, env=self.environment, stdout=log, stderr=log
        )

    def stop(self, name: str, how: signal.Signals = signal.SIGTERM) -> None:
        process = self.processes.pop(name)
        process.send_signal(how)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)

    def wait(self) -> None:
        wait_for(lambda: healthy(self.url), 180, f"the servers (see {self.folder})")

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def __enter__(self) -> Servers:
        for name in self.commands:
            self.start(name)
        try:
            self.wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for name in list(self.processes):
            self.stop(name)

    def conversation(self) -> Conversation:
        return Conversation(self.url)

    def get(self, path: str, **kwargs) -> requests.Response:
        return requests.get(self.url + path, timeout=30, **kwargs)

    def post(self, path: str, **kwargs) -> requests.Response:
        return requests.post(self.url + path, timeout=30, **kwargs)


def texts(replies: list[dict]) -> str:
    return "\n".join(reply["text"] for reply in replies)
