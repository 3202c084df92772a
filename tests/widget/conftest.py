from __future__ import annotations

import pytest
from browsing import CASE, Relay, Visit, chromium, gateway, missing
from support import CI


@pytest.fixture(scope="session")
def browser():
    reason = missing()
    if reason:
        (pytest.fail if CI else pytest.skip)(f"The widget was not tried in a browser: {reason}.")
    with chromium() as running:
        yield running


@pytest.fixture
def visit(browser, servers):
    """Open a page; faults of the page fail the test."""
    open_now: list[Visit] = []

    def visiting(path="/", url=None, **how):
        open_now.append(Visit(browser, url or servers.url, path, **how))
        return open_now[-1]

    yield visiting
    for one in open_now:
        one.close()


@pytest.fixture(scope="session")
def told(servers):
    """A talk that many tests look at and none changes."""
    talk = servers.conversation()
    for text in CASE:
        talk.say(text)
    return {"conversation": talk.id, "token": talk.token}


@pytest.fixture
def here(visit, told):
    """On the page, with that talk taken up."""
    return visit(kept=told).ready()


@pytest.fixture
def own_gateway(servers):
    """A gateway to be stopped."""
    with gateway(servers) as running:
        yield running


@pytest.fixture
def relay(servers):
    """A wire to the servers that can lose answers."""
    wire = Relay(servers.url)
    yield wire
    wire.cut()
