"""What the trained model makes of texts."""

from __future__ import annotations

import tarfile
import tempfile
import time
from pathlib import Path

from benchmarks.understanding.data import Reading, Readings
from critical_friend.understanding.model import Understanding
from critical_friend.understanding.network import MODEL_FILE


def read(archive: Path, texts: list[str]) -> Readings:
    """What the model in the archive that Rasa made hears in each text."""
    with tempfile.TemporaryDirectory() as folder, tarfile.open(archive) as tar:
        tar.extractall(folder)
        found = next(Path(folder).rglob(MODEL_FILE), None)
        if found is None:
            raise FileNotFoundError(f"{archive.name} holds no {MODEL_FILE}: run 'make train'")
        model = Understanding.load(found.parent)
        model.understand(texts[0])
        readings = [_reading(model, text) for text in texts]
    about = {
        "ask_at": model.judge.ask_at,
        "note_at": model.judge.note_at,
        "mixed_at": model.judge.mixed_at,
        "held_out": model.judge.report,
        "intents": model.reader.accuracy,
    }
    return {"readings": readings, "about": about}


def _reading(model: Understanding, text: str) -> Reading:
    started = time.process_time()
    understood = model.understand(text)
    ms = 1000 * (time.process_time() - started)
    return {
        "heard": [(h.signal, h.value, h.confidence, h.sure) for h in understood.hearings],
        "candidates": [(h.signal, h.value, h.confidence) for h in understood.candidates],
        "intent": understood.intents[0][0],
        "ms": ms,
    }
