"""The reference cases: by their facts through the reasoning, and by their words through everything."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from critical_friend.case import Case, Evidence
from critical_friend.cli.serving import ROOT

FILES = sorted((Path(__file__).parents[1] / "cases").glob("*.yml"))
#: So many of the 20 cases come out wholly right: from their words alone (measured: 14, less one for
#: another processor's arithmetic), and in conversation (measured: 16). The aim is all of them; the rest
#: is work for understanding, and no wording of theirs goes into the training text.
RIGHT_FROM_WORDS_ALONE = 13
RIGHT_IN_CONVERSATION = 16
CASES = {file.stem: yaml.safe_load(file.read_text(encoding="utf-8")) for file in FILES}


def as_expected(reading, expect) -> list[str]:
    """What differs from what is expected; empty when all is right."""
    steps = [step["id"] for step in reading["next_steps"]]
    wrong = []
    if reading["phase"]["id"] != expect["phase"]:
        wrong.append(f"phase is {reading['phase']['id']} and not {expect['phase']}")
    if "mode" in expect and reading["mode"]["id"] != expect["mode"]:
        wrong.append(f"mode is {reading['mode']['id']} and not {expect['mode']}")
    for role, status in expect.get("roles", {}).items():
        if reading["roles"][role] != status:
            wrong.append(f"{role} is {reading['roles'][role]} and not {status}")
    if expect.get("first_step") and (steps[:1] or [None])[0] not in expect["first_step"]:
        wrong.append(f"first step is {steps[:1]} and not one of {expect['first_step']}")
    wrong += [f"{step} is missing" for step in expect.get("steps", []) if step not in steps]
    wrong += [f"{step} is advised" for step in expect.get("not_advised", []) if step in steps]
    return wrong


def test_there_are_enough_cases_of_every_kind():
    phases = [case["expect"]["phase"] for case in CASES.values()]
    assert len(CASES) >= 16
    assert set(phases) == {"before_starting", "getting_together", "working_together", "sustaining"}


@pytest.mark.parametrize("name", CASES)
def test_the_reasoning_is_right_when_all_is_heard(reader, name):
    expect = CASES[name]["expect"]
    case = Case()
    for signal, value in expect["signals"].items():
        sides = ["yes", "no"] if value == "contested" else [value]
        case = case.note([Evidence(signal, side, "as told") for side in sides])
    assert not as_expected(reader.read(case), expect)


@pytest.fixture(scope="module")
def assessed():
    lines = [
        json.dumps({"id": name, "messages": case["messages"]}, ensure_ascii=False)
        for name, case in CASES.items()
    ]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "critical_friend", "assess", "-"],
        cwd=ROOT,
        check=True,
        input="\n".join(lines),
        capture_output=True,
        text=True,
        timeout=300,
    )
    return {answer["id"]: answer for answer in map(json.loads, done.stdout.splitlines())}


def test_most_cases_are_read_right_from_their_words_alone(assessed):
    """Without anybody to confirm what was not heard for certain."""
    wrong = {name: as_expected(answer["reading"], CASES[name]["expect"]) for name, answer in assessed.items()}
    right = [name for name, faults in wrong.items() if not faults]
    print(f"right from words alone: {len(right)} of {len(CASES)}")
    assert len(right) >= RIGHT_FROM_WORDS_ALONE, {name: faults for name, faults in wrong.items() if faults}


def told(servers, case) -> list[str]:
    """What is wrong at the end of a case told through the running assistant.

    It is told by somebody who says truthfully whether a guess ("I took that as … Right?") was right.
    """
    expect = case["expect"]
    talk = servers.conversation()
    for message in case["messages"]:
        said = message if isinstance(message, dict) else {"text": message}
        reading = talk.say(said["text"], by=said.get("by"))[-1]["custom"]
        while guess := reading.get("confirm"):
            meant = expect["signals"].get(guess["signal"], "")
            true = f"note:{guess['signal']}:{'mixed' if meant == 'contested' else meant}"
            offered = [choice["payload"] for choice in guess["choices"]]
            payload = true if true in offered else f"drop:{guess['signal']}"
            reading = talk.say("…", payload, by=said.get("by"))[-1]["custom"]
    talk.close()
    return as_expected(reading, expect)


def test_most_cases_come_out_right_in_conversation(servers):
    """A case counts only when phase, roles and steps are all as expected."""
    wrong = {name: faults for name, case in CASES.items() if (faults := told(servers, case))}
    print(f"right in conversation: {len(CASES) - len(wrong)} of {len(CASES)}")
    assert len(CASES) - len(wrong) >= RIGHT_IN_CONVERSATION, wrong
