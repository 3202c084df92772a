"""Evaluation texts must not be near-duplicates of training lines, or the figures would flatter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import yaml
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 0.6
MIN_WORDS = 5
WORD = re.compile(r"[\w'’]+")


def read(path: Path):
    return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def words(text: str) -> list[str]:
    return WORD.findall(text.lower().replace("’", "'"))


def fours(text: str) -> list[str]:
    """Runs of four characters of the words of a text."""
    line = " ".join(words(text))
    return [line[at : at + 4] for at in range(len(line) - 3)]


def training() -> Iterator[tuple[str, str]]:
    """Every training line, with the place where it stands."""
    for path in sorted((ROOT / "data" / "nlu").glob("*/*.yml")):
        for block in read(path)["nlu"]:
            examples = block.get("examples") or ""
            if isinstance(examples, str):
                examples = re.findall(r"^- (.*(?:\n  .*)*)", examples, re.M)
            for example in examples:
                text = example["text"] if isinstance(example, dict) else example
                yield str(path.relative_to(ROOT)), " ".join(text.split())


def evaluation() -> Iterator[tuple[str, str]]:
    """Every text that something is measured or proven with, with the place where it stands."""
    for path in sorted((ROOT / "tests" / "understanding").glob("*.yml")):
        for item in read(path):
            yield str(path.relative_to(ROOT)), item["text"]
    for path in sorted((ROOT / "tests" / "cases").glob("*.yml")):
        for message in read(path)["messages"]:
            yield str(path.relative_to(ROOT)), message["text"] if isinstance(message, dict) else message


def alike(ours: list[str], theirs: list[str], parts) -> list[tuple[int, int, float]]:
    """Pairs whose sets of parts have a Jaccard index of at least LIMIT."""
    left_sets, right_sets = ([set(parts(text)) for text in texts] for texts in (ours, theirs))
    # Only parts of our own texts can be shared; the others count towards the size of a set.
    counter = CountVectorizer(analyzer=lambda parts: parts, binary=True, dtype=np.int32)
    left = counter.fit_transform(left_sets)
    left_size, right_size = (np.array([len(parts) for parts in sets]) for sets in (left_sets, right_sets))
    shared = sparse.coo_matrix(left @ counter.transform(right_sets).T)
    share = shared.data / (left_size[shared.row] + right_size[shared.col] - shared.data)
    return [(int(shared.row[n]), int(shared.col[n]), float(share[n])) for n in np.where(share >= LIMIT)[0]]


def near_duplicates(ours: list[tuple[str, str]], theirs: list[tuple[str, str]]) -> list[str]:
    """One line for each pair that is too much alike, naming both."""
    ours, theirs = ([pair for pair in pairs if len(words(pair[1])) >= MIN_WORDS] for pairs in (ours, theirs))
    if not ours or not theirs:
        return []
    found: dict[tuple[int, int], float] = {}
    for parts in (words, fours):
        for row, column, share in alike([t for _, t in ours], [t for _, t in theirs], parts):
            found[row, column] = max(share, found.get((row, column), 0))
    return [
        f"{share:.2f}  {ours[row][0]}: {ours[row][1]!r}\n      {theirs[column][0]}: {theirs[column][1]!r}"
        for (row, column), share in sorted(found.items(), key=lambda pair: -pair[1])
    ]


def test_no_evaluation_text_is_nearly_a_training_line():
    lines, texts = list(training()), list(evaluation())
    assert len(lines) > 10_000
    assert len(texts) > 500
    found = near_duplicates(texts, lines)
    assert not found, f"{len(found)} evaluation texts are nearly training lines:\n" + "\n".join(found)


LINE = "our DCE quietly runs interference for us whenever finance asks questions"


@pytest.mark.parametrize(
    "text, near",
    [
        (LINE, True),
        ("Our DCE quietly runs interference for us, whenever finance asks a question!", True),
        ("whenever finance asks questions our DCE runs interference for us quietly", True),
        ("our DCEs quietly run interferences for us whenever financing asks question", True),
        ("the deputy chief executive keeps the finance people away from us", False),
        ("finance asks questions", False),
    ],
)
def test_what_counts_as_near(text, near):
    assert bool(near_duplicates([("a", text)], [("b", LINE)])) is near
