"""Starting the servers: Rasa, its action server and the gateway, and stopping them together.

honcho keeps the processes: when one ends the others are ended too, and Ctrl-C ends all. What they
print goes to ``var/servers.log``.
"""

from __future__ import annotations

import os
import secrets
import shlex
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import requests
from honcho.manager import Manager
from honcho.printer import Printer

from critical_friend.gateway.settings import Settings, WrongSetting
from critical_friend.storage import database_url

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "models" / "critical-friend.tar.gz"
LONGEST_START = 180  # seconds
NAMES = {"assistant": "The assistant (Rasa)", "actions": "The action server", "gateway": "The gateway"}


class ServingError(Exception):
    """The servers cannot be started or have stopped; the message says what to do."""


def free_port() -> int:
    """A port on loopback that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def check_startable(port: int) -> None:
    """Raise ``ServingError`` when a setting is wrong, the port is taken or the model is missing."""
    try:
        Settings.from_environment()
    except WrongSetting as error:
        raise ServingError(str(error)) from None
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))
        except OSError:
            raise ServingError(
                f"Port {port} is taken by another program. Stop that program, or choose another "
                "port: make run PORT=5010"
            ) from None
    if not MODEL.exists():
        raise ServingError(
            f"There is no trained model at {MODEL.relative_to(ROOT)}. Run 'make train' first; "
            "'make run' does so by itself."
        )


def environment(rasa: int, actions: int) -> dict[str, str]:
    """What the servers have to know of each other."""
    return {
        **os.environ,
        "CRITICAL_FRIEND_RASA": f"http://127.0.0.1:{rasa}",
        "CRITICAL_FRIEND_ACTIONS": f"http://127.0.0.1:{actions}/webhook",
        "CRITICAL_FRIEND_INTERNAL_KEY": os.environ.get(
            "CRITICAL_FRIEND_INTERNAL_KEY", secrets.token_urlsafe(24)
        ),
        "CRITICAL_FRIEND_DATABASE": database_url(),
        "SANIC_HOST": "127.0.0.1",  # where the action server listens
        "PYTHONPATH": str(ROOT),
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONWARNINGS": "ignore",
    }


def commands(port: int, rasa: int, actions: int, host: str) -> dict[str, list[str]]:
    """The command of each server."""
    python = sys.executable
    return {
        "actions": [python, "-m", "rasa_sdk", "--actions", "actions.actions", "--port", str(actions)],
        "assistant": [
            python,
            "-m",
            "rasa",
            "run",
            "--model",
            str(MODEL),
            "--port",
            str(rasa),
            "--interface",
            "127.0.0.1",
            "--endpoints",
            "endpoints.yml",
            "--credentials",
            "credentials.yml",
        ],
        "gateway": [
            python,
            "-m",
            "uvicorn",
            "--factory",
            "critical_friend.gateway.app:create_app",
            "--host",
            host,
            "--port",
            str(port),
            "--ws",
            "none",
            "--no-server-header",
            *proxy_options(),
            "--log-level",
            "warning",
        ],
    }


def proxy_options() -> list[str]:
    """Whether a proxy may say where requests come from: only if ``FORWARDED_ALLOW_IPS`` names it.

    Otherwise anybody on this machine could give any address in a header, and so pass the limits.
    """
    return ["--proxy-headers" if os.environ.get("FORWARDED_ALLOW_IPS") else "--no-proxy-headers"]


def run(port: int, host: str | None = None) -> None:
    """Serve until Ctrl-C. Raises ``ServingError`` when a server cannot start or dies."""
    check_startable(port)
    log = ROOT / "var" / "servers.log"
    log.parent.mkdir(exist_ok=True)
    rasa, actions = free_port(), free_port()
    host = host or os.environ.get("HOST", "127.0.0.1")
    with log.open("w", encoding="utf-8") as out:
        manager = Manager(Printer(output=out, colour=False))
        shared = environment(rasa, actions)  # with one key for all of them
        for name, command in commands(port, rasa, actions, host).items():
            manager.add_process(name, shlex.join(command), env=shared, cwd=str(ROOT))
        # honcho sets signal handlers and so has to run in the main thread; waiting is done beside.
        threading.Thread(target=_announce, args=(port, manager), daemon=True).start()
        manager.loop()
    died = [
        name
        for name, process in manager._processes.items()
        if process.get("returncode") not in (None, 0, -2, -15, -9, 130, 143)
    ]
    if manager.returncode in (130, 143):
        click.echo("\nStopped.")
        return
    first = died[0] if died else "gateway"
    raise ServingError(
        f"{NAMES[first]} has stopped, so the others were stopped too. The last lines of "
        f"{log.relative_to(ROOT)}:\n{_tail(log, first)}"
    )


def _tail(log: Path, server: str, most: int = 8) -> str:
    """The last lines that one server printed."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    own = [line for line in lines if line.split(" ", 2)[1:2] == [server]]
    return "\n".join(f"  {line}" for line in own[-most:])


def _announce(port: int, manager: Manager) -> None:
    """Say how the start goes, and the address once a turn can be answered."""
    click.echo("Starting Critical Friend (about 20 seconds) ", nl=False)
    started = time.monotonic()
    while time.monotonic() - started < LONGEST_START and manager.returncode is None:
        if healthy(f"http://127.0.0.1:{port}"):
            click.echo(f"\nCritical Friend is at http://localhost:{port}/  (Ctrl-C stops it)")
            return
        click.echo(".", nl=False)
        time.sleep(1)
    if manager.returncode is None:
        click.echo(f"\nIt has not started in {LONGEST_START} seconds.", err=True)
        manager.terminate()


def healthy(url: str) -> bool:
    """Whether the server at ``url`` can answer a turn."""
    try:
        return requests.get(f"{url}/health", timeout=3).status_code == 200
    except requests.RequestException:
        return False


@contextmanager
def servers(port: int | None = None) -> Iterator[str]:
    """The servers for the length of a ``with``: yields the address. For the terminal and tests."""
    import subprocess

    port = port or free_port()
    check_startable(port)
    command = [sys.executable, "-m", "critical_friend", "serve", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, stderr=subprocess.STDOUT)
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + LONGEST_START
        while not healthy(url):
            if process.poll() is not None:
                output = process.stdout.read() if process.stdout else ""
                raise ServingError(f"The servers did not start. {output.strip()}")
            if time.monotonic() > deadline:
                raise ServingError(f"The servers did not start in {LONGEST_START} seconds.")
            time.sleep(0.3)
        yield url
    finally:
        process.terminate()
        process.wait(20)
