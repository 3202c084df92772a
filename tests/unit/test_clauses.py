"""Messages are cut where a clause with a subject of its own begins, and each clause keeps how it is said."""

from __future__ import annotations

import pytest

from critical_friend.understanding.clauses import ClauseSplitter


@pytest.fixture(scope="module")
def splitter() -> ClauseSplitter:
    return ClauseSplitter().load()


def cut(splitter: ClauseSplitter, text: str) -> list[str]:
    return [clause.text.strip(" ,.;") for clause in splitter.split(text)]


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        (
            "Our manager protects the team but nobody pays for the work.",
            ["Our manager protects the team", "but nobody pays for the work"],
        ),
        (
            "We meet every week, and the families come along too.",
            ["We meet every week", "and the families come along too"],
        ),
        (
            "When the auditors visited, our director spoke up for us.",
            ["When the auditors visited", "our director spoke up for us"],
        ),
        ("The council pays for it.", ["The council pays for it"]),
    ],
)
def test_a_message_is_cut_into_its_clauses(splitter, text, clauses):
    assert cut(splitter, text) == clauses


def test_the_clauses_cover_the_message(splitter):
    text = "Kia ora. I tried it once, they said no, and that was that; who knows why?"
    clauses = splitter.split(text)
    assert clauses[0].start == 0
    assert clauses[-1].end == len(text)
    assert all(text[c.start : c.end] == c.text for c in clauses)


def test_a_not_in_one_clause_says_nothing_about_another(splitter):
    sure, denied = splitter.split("The nurses trust each other but the managers never share a thing.")
    assert not sure.has("negated")
    assert denied.has("negated")


@pytest.mark.parametrize(
    "text",
    [
        "I couldn't tell you whether the school is on board.",
        "Would anyone up there back it? No idea.",
        "The review was unable to establish who paid for it.",
        "It's too early to say if they'll stay.",
    ],
)
def test_it_is_marked_when_the_speaker_does_not_know(splitter, text):
    assert splitter.split(text)[0].has("not_known")


def test_not_knowing_one_thing_says_nothing_about_the_sentence_before(splitter):
    first, *_, last = splitter.split("The school is fully on board. Who pays, I couldn't tell you.")
    assert not first.has("not_known")
    assert last.has("not_known")


def test_what_somebody_thought_stays_with_the_thought(splitter):
    assert cut(splitter, "We lost a family and I thought the way we do this is broken.")[-1].endswith(
        "I thought the way we do this is broken"
    )


def test_sentences_are_put_together_from_their_clauses(splitter):
    text = "When the auditors came, our director spoke up. Nobody pays for it. That is the rub."
    found = splitter.sentences(splitter.split(text))
    assert [text[start:end] for start, end in found] == [
        "When the auditors came, our director spoke up.",
        "Nobody pays for it.",
        "That is the rub.",
    ]
