"""The map as a PNG: Slack shows no SVG."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import resvg_py

WIDTH = 1200
_AT_RULE = re.compile(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_SET = re.compile(r"(--[\w-]+)\s*:\s*([^;}]+)")
_USED = re.compile(r"var\((--[\w-]+)\)")


def png(svg: str) -> bytes:
    """``svg`` drawn with a font that comes along, so that it looks the same on every machine."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=_settled(svg),
            width=WIDTH,
            background="white",
            skip_system_fonts=True,
            font_files=_fonts(),
            font_family="DejaVu Sans",
            sans_serif_family="DejaVu Sans",
            serif_family="DejaVu Sans",
        )
    )


def _settled(svg: str) -> str:
    """``svg`` with the colours that its style sheet names filled in, which resvg does not do itself.

    What is for dark screens or paper is left out.
    """
    svg = _AT_RULE.sub("", svg)
    named = dict(_SET.findall(svg))
    return _USED.sub(lambda found: named.get(found[1], "inherit").strip(), svg)


def _fonts() -> list[str]:
    # matplotlib, which Rasa needs, brings DejaVu Sans; it is only found here and not loaded.
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        return []
    folder = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"
    return [str(folder / name) for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")]
