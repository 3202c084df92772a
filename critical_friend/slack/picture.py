"""The map as a PNG: Slack shows no SVG."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import resvg_py

WIDTH = 1200


def png(svg: str) -> bytes:
    """``svg`` drawn with a font that comes along, so that it looks the same on every machine."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            width=WIDTH,
            background="white",
            skip_system_fonts=True,
            font_files=_fonts(),
            font_family="DejaVu Sans",
            sans_serif_family="DejaVu Sans",
            serif_family="DejaVu Sans",
        )
    )


def _fonts() -> list[str]:
    # matplotlib, which Rasa needs, brings DejaVu Sans; it is only found here and not loaded.
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        return []
    folder = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"
    return [str(folder / name) for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")]
