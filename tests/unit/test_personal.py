"""Personal details are masked, and what only looks like them is not."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import yaml

from critical_friend.personal import Masker
from critical_friend.personal.measuring import measure
from critical_friend.storage import Storage

SENTENCES = Path(__file__).resolve().parents[1] / "understanding" / "personal.yml"
#: What was measured, with a little slack; see the sentences for what is counted.
MOST_MISSED = 0.04
MOST_FALSE = 0.05
MOST_CLEAN_MARKED = 0.09


@pytest.fixture(scope="module")
def masker() -> Masker:
    return Masker().load()


def test_rates(masker):
    rates = measure(yaml.safe_load(SENTENCES.read_text(encoding="utf-8")), masker)
    assert rates.sentences >= 120 and rates.details >= 100 and rates.clean >= 40
    assert rates.miss_rate <= MOST_MISSED, rates.missed
    assert rates.false_rate <= MOST_FALSE, rates.false
    assert rates.clean_rate <= MOST_CLEAN_MARKED, rates.false


@pytest.mark.parametrize(
    ("text", "masked", "kinds"),
    [
        ("I rang Margaret Wilkes about it", "I rang [name] about it", ("name",)),
        ("Constable Rewi Parata's sergeant said no", "Constable [name]'s sergeant said no", ("name",)),
        ("Whaea Kiri brought the kids", "Whaea [name] brought the kids", ("name",)),
        ("Minister Holloway came to the hui", "Minister [name] came to the hui", ("name",)),
        ("her name is Jing Liu", "her name is [name]", ("name",)),
        ("we asked siobhan to wait", "we asked [name] to wait", ("name",)),
        ("Ring me on 021 555 0173", "Ring me on [phone]", ("phone",)),
        ("try +64 4 555 0123 or 0800 555 013", "try [phone] or [phone]", ("phone",)),
        ("write to a.person+x@example.govt.nz, please", "write to [email], please", ("email",)),
        ("they moved to Flat 2, 18 Tui Street last week", "they moved to [address] last week", ("address",)),
        ("she is at 7b kauri road now", "she is at [address] now", ("address",)),
        ("send it to PO Box 1234", "send it to [address]", ("address",)),
        ("NHI ABC1234 and abc12de", "NHI [number] and [number]", ("number",)),
        ("IRD number 49-091-850", "IRD number [number]", ("number",)),
        ("her client number is 4471", "her client number is [number]", ("number",)),
        ("case no. K/20931 is stuck", "case no. [number] is stuck", ("number",)),
        ("Hōne rang. I told Hōne no", "[name] rang. I told [name] no", ("name",)),
        (
            "Ana Fonoti (027 555 0190) lives at 3 Rimu Rd",
            "[name] ([phone]) lives at [address]",
            ("name", "phone", "address"),
        ),
    ],
)
def test_taken_out(masker, text, masked, kinds):
    found = masker.mask(text)
    assert found.text == masked
    assert found.kinds == kinds


@pytest.mark.parametrize(
    "text",
    [
        "Kia ora koutou",
        "MSD, OT, Kāinga Ora and Te Whatu Ora are at the table, and so are the Police",
        "Our DCE at the Ministry of Social Development quietly runs interference for us",
        "The Minister for Children and the Chief Executive signed it in Hamilton",
        "Ngāti Toa and Te Rūnanga o Ngāi Tahu lead the work in Porirua",
        "We've met every Tuesday since March and they've never come",
        "Will you mark it as done in May?",
        "It cost $1,250,000 over 3 years for 4,500 families",
        "In 2019 we had 12 clients and 300 referrals",
        "Treaty of Waitangi settlements, Whānau Ora and the Wellbeing Budget 2019",
        "Wellington City Council and the Hawke's Bay Regional Council",
        "What should we do next?",
        "[name] rang [phone] from [address]",
    ],
)
def test_left_as_it_is(masker, text):
    found = masker.mask(text)
    assert found.text == text
    assert found.kinds == ()


def test_masking_again_changes_nothing(masker):
    for sentence in yaml.safe_load(SENTENCES.read_text(encoding="utf-8")):
        once = masker.mask(sentence["text"]).text
        for mark in masker.mask(once).spans:
            assert "[" not in once[mark.start : mark.end]


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "[", "'", "’s", "0", "@", "ĀĒĪ", "A." * 500, "1" * 4000, "a-" * 2000]
)
def test_odd_texts(masker, text):
    # Time of the processor, so that other work on the machine does not count.
    started = time.thread_time()
    assert isinstance(masker.mask(text).text, str)
    assert time.thread_time() - started < 5


def test_several_threads_at_once():
    masker, found = Masker(), []
    threads = [
        threading.Thread(target=lambda: found.append(masker.mask("I rang Margaret Wilkes").text))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["I rang [name]"] * 6


def test_loads_without_rasa():
    code = (
        "import sys; from critical_friend.personal import Masker; Masker().mask('I rang Margaret Wilkes')\n"
        "print([m for m in ('rasa', 'rasa_sdk', 'tensorflow', 'torch') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_told_once_until_wiped(tmp_path):
    url = f"sqlite:///{tmp_path}/x.db"
    storage = Storage(url)
    one, _ = storage.open()
    other, _ = storage.open()
    assert storage.tell_once(one, "masked") and storage.tell_once(other, "masked")
    assert not Storage(url).tell_once(one, "masked")
    storage.wipe(one)
    assert storage.tell_once(one, "masked") and not storage.tell_once(other, "masked")
