"""What is supposed in 'what if …', and what follows a 'no, …'."""

from __future__ import annotations

import pytest

from critical_friend.framing import after_interjection, as_if_so, parts_supposed, supposed_in


@pytest.mark.parametrize(
    "text, supposed",
    [
        ("what if we had a sponsor?", "we had a sponsor"),
        ("What would happen if the money ran out", "the money ran out"),
        ("suppose Health pulled out", "Health pulled out"),
        ("Let's say that my boss backed us, what would you tell us then?", "my boss backed us"),
        ("if the families ran it, how would that change things", "the families ran it"),
        ("imagine nobody upstairs cared", "nobody upstairs cared"),
        ("say we lost our champion. what then?", "we lost our champion. "),
        ("would it help to have a sponsor", "would it help to have a sponsor"),
        ("what if?", "what if?"),
    ],
)
def test_the_supposition_is_found(text, supposed):
    start, end = supposed_in(text)
    assert text[start:end].strip() == supposed.strip()


@pytest.mark.parametrize(
    "text, parts",
    [
        ("what if we had a sponsor?", ["we had a sponsor"]),
        ("say our boss came in, and the money did, what then?", ["our boss came in", "the money did"]),
        ("imagine a sponsor, some money and an evaluator", ["a sponsor", "some money", "an evaluator"]),
    ],
)
def test_a_supposition_has_parts(text, parts):
    assert [text[a:b].strip(" ?.!,") for a, b in parts_supposed(text)] == parts


def test_a_supposition_is_put_as_it_would_be():
    assert as_if_so("we had a sponsor and she wasn't leaving") == "we have a sponsor and she isn't leaving"


@pytest.mark.parametrize(
    "text, rest",
    [
        ("no, we do have a sponsor", "we do have a sponsor"),
        ("Nah. Yeah, they turned up in the end", "they turned up in the end"),
        ("no we do have a sponsor", "we do have a sponsor"),
        ("nah they're all in on it now", "they're all in on it now"),
        ("No one has joined us", "No one has joined us"),
        ("no money for us yet", "no money for us yet"),
        ("no, not yet", "no, not yet"),
        ("Nobody, sorry, has come", "Nobody, sorry, has come"),
    ],
)
def test_an_answering_word_is_no_part_of_what_is_told(text, rest):
    assert text[after_interjection(text) :] == rest
