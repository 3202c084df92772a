from __future__ import annotations

import pytest
from support import Servers

from tests.slack.fast_gateway import FastGateway
from tests.slack.world import KEY, World


@pytest.fixture(scope="session")
def real(tmp_path_factory):
    """Slack's stand-in, the real Slack part, and the real servers with the real model behind it."""
    with (
        Servers(tmp_path_factory.mktemp("slack-servers"), CRITICAL_FRIEND_SERVICE_KEY=KEY) as servers,
        World(tmp_path_factory.mktemp("slack"), servers.url) as world,
    ):
        yield world


@pytest.fixture(scope="session")
def gateway():
    """The gateway that answers at once."""
    with FastGateway(KEY) as running:
        yield running


@pytest.fixture
def fast(tmp_path, gateway):
    """Slack's stand-in and the real Slack part, with the gateway that answers at once. To be broken."""
    gateway.said.clear()
    gateway.go.set()
    gateway.away = False
    with World(tmp_path, gateway.url) as world:
        yield world
    gateway.go.set()
    gateway.away = False


@pytest.fixture
def over_http(tmp_path, gateway):
    """The same, reached by signed requests over HTTP."""
    gateway.said.clear()
    with World(tmp_path, gateway.url, http=True) as world:
        yield world
