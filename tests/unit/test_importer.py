"""Our reader of training files gives what Rasa's own reader gives."""

from __future__ import annotations

import copy

from rasa.shared.importers.rasa import RasaFileImporter

from assistant.importer import Importer
from critical_friend.cli.serving import ROOT


def test_it_reads_what_rasa_reads():
    where = (str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "data")])
    ours, theirs = Importer(*where).get_nlu_data(), RasaFileImporter(*where).get_nlu_data()
    assert len(ours.training_examples) == len(theirs.training_examples)
    assert ours.fingerprint() == theirs.fingerprint()


def test_an_example_is_its_own_copy():
    example = Importer(training_data_paths=[str(ROOT / "data")]).get_nlu_data().training_examples[0]
    assert copy.deepcopy(example) is example
    assert example.fingerprint() == example.fingerprint()
