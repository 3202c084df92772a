"""A changed guidance is taken up on the next turn if it is sound, and else the old one stays."""

from __future__ import annotations

import logging
import os
import shutil

import pytest

from critical_friend.guidance import default_folder
from critical_friend.guidance.watching import Watched


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(default_folder(), tmp_path / "guidance")


def change(folder, name, old, new):
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    later = file.stat().st_mtime_ns + 1_000_000
    os.utime(file, ns=(later, later))


def test_a_sound_change_is_in_force_on_the_next_look(folder):
    watched = Watched(lambda guidance: guidance, folder)
    first = watched.current()
    assert watched.current() is first
    change(folder, "replies.yml", "Kia ora. I am Critical Friend.", "Tēnā koe. I am Critical Friend.")
    assert watched.current().replies["greet"].startswith("Tēnā koe")


def test_a_broken_change_leaves_the_old_one_in_force_and_is_reported(folder, caplog):
    watched = Watched(lambda guidance: guidance, folder)
    first = watched.current()
    change(folder, "topics/3-the-roles.yml", "when: {guardian_angel: no}", "when: {gardian_angel: no}")
    with caplog.at_level(logging.ERROR):
        assert watched.current() is first
        assert watched.current() is first
    assert len(caplog.records) == 1
    said = caplog.records[0].getMessage()
    assert "stays in force" in said and "Did you mean 'guardian_angel'?" in said
    change(folder, "topics/3-the-roles.yml", "when: {gardian_angel: no}", "when: {guardian_angel: no}")
    assert watched.current() is not first


def test_a_new_signal_says_that_it_needs_training(folder, caplog):
    watched = Watched(lambda guidance: guidance, folder)
    text = (folder / "signals.yml").read_text(encoding="utf-8")
    block = text[text.index("  - id: window_of_opportunity") : text.index("  - id: complex_problem")]
    change(folder, "signals.yml", block, block + block.replace("window_of_opportunity", "tea_and_biscuits"))
    change(
        folder,
        "topics/2-starting.yml",
        "when: {window_of_opportunity: yes}",
        "when: {any: [{window_of_opportunity: yes}, {tea_and_biscuits: yes}]}",
    )
    with caplog.at_level(logging.WARNING):
        assert "tea_and_biscuits" in watched.current().signals
    assert any("'tea_and_biscuits' is new" in r.getMessage() for r in caplog.records)
