from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support import SETTINGS, Servers

from critical_friend.guidance import Guidance, default_folder, load
from critical_friend.reading import Reader


@pytest.fixture(scope="session")
def guidance() -> Guidance:
    return load()


@pytest.fixture(scope="session")
def reader(guidance: Guidance) -> Reader:
    return Reader(guidance)


@pytest.fixture(scope="session")
def servers(tmp_path_factory):
    """The real servers with the real model, shared by the tests that leave them as they are."""
    with Servers(tmp_path_factory.mktemp("servers"), **SETTINGS) as running:
        yield running


@pytest.fixture
def own_servers(tmp_path):
    """Servers of a test's own, to be broken."""
    with Servers(tmp_path) as running:
        yield running


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the guidance's folder, to be changed."""
    return shutil.copytree(default_folder(), tmp_path / "guidance")
