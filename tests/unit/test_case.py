from __future__ import annotations

from critical_friend.case import LONGEST_QUOTE, Case, Evidence
from critical_friend.logic import Value


def said(signal, value, by="Ana", text="words"):
    return Evidence(signal, value, text, by)


def test_silence_is_not_a_no():
    assert Case().value("trust") == Value.UNKNOWN


def test_a_later_word_of_the_same_person_replaces_the_earlier():
    case = Case().note([said("trust", "yes")]).note([said("trust", "no")])
    assert case.value("trust") == Value.NO
    assert len(case.evidence) == 1


def test_what_different_people_say_stands_side_by_side():
    case = Case().note([said("trust", "yes", "Ana")]).note([said("trust", "no", "Tama")])
    assert case.value("trust") == Value.CONTESTED
    assert {piece.by for piece in case.words("trust")} == {"Ana", "Tama"}


def test_both_sides_in_one_message_of_one_person_are_contested():
    case = Case().note([said("trust", "yes", text="front line"), said("trust", "no", text="managers")])
    assert case.value("trust") == Value.CONTESTED


def test_a_later_plain_word_settles_what_one_person_left_contested():
    case = Case().note([said("trust", "yes"), said("trust", "no")]).note([said("trust", "yes")])
    assert case.value("trust") == Value.YES


def test_dont_know_is_forgotten_once_something_is_said():
    case = Case().not_known("trust").not_known("trust")
    assert case.unsure == ("trust",)
    assert case.note([said("trust", "yes")]).unsure == ()


def test_withdrawing_takes_out_one_persons_words_only():
    case = Case().note([said("trust", "yes", "Ana")]).note([said("trust", "no", "Tama")])
    assert case.withdraw("trust", "Tama").value("trust") == Value.YES


def test_it_survives_storage():
    case = Case().note([said("trust", "yes"), said("stalled", "no", None)]).not_known("evaluator")
    assert Case.from_data(case.to_data()) == case
    assert Case.from_data(None) == Case()


def test_quotes_are_kept_short():
    case = Case().note([said("trust", "yes", text="x" * 5000)])
    assert len(case.evidence[0].text) == LONGEST_QUOTE
