"""The forms of a brief: Markdown, HTML that prints on A4, and the map alone."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from critical_friend.brief import map as drawing
from critical_friend.brief.content import Brief

#: What Markdown would take for a mark, and what it would take for one at the start of a line.
_MARKS = re.compile(r"([\\`*_\[\]<>|~&])")
_STARTING = re.compile(r"(?m)^(\s*\d*)([#+\-=:.)])")


@dataclass(frozen=True)
class Form:
    """One form: how it is called, its media type, how it is written, and what it may load."""

    name: str
    media_type: str
    write: Callable[[Brief], str]
    policy: Callable[[], str]


def markdown(brief: Brief) -> str:
    """The brief as Markdown. What people wrote is escaped, so that it changes nothing of the page."""
    text = _template("brief.md", autoescape=False, finalize=_escaped).render(brief=brief, words=brief.words)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def page(brief: Brief) -> str:
    """The brief as one HTML page without script that loads nothing."""
    return _template("brief.html", autoescape=True).render(
        brief=brief,
        words=brief.words,
        map=Markup(drawing.draw(brief)),
        style=Markup(_style()),
        policy=page_policy(),
    )


def page_policy() -> str:
    """The content security policy of the page: its own styles by their digests, and nothing else."""
    styles = " ".join(f"'sha256-{_digest(text)}'" for text in (_style(), drawing.style()))
    return f"default-src 'none'; style-src {styles}; base-uri 'none'; form-action 'none'"


def map_policy() -> str:
    """The same for the map by itself."""
    return f"default-src 'none'; style-src 'sha256-{_digest(drawing.style())}'"


def _no_policy() -> str:
    return "default-src 'none'"


#: Every form by its name, which is also how its files end.
FORMS: Mapping[str, Form] = {
    form.name: form
    for form in (
        Form("md", "text/markdown", markdown, _no_policy),
        Form("html", "text/html", page, page_policy),
        Form("svg", "image/svg+xml", drawing.draw, map_policy),
    )
}


@lru_cache
def _template(name: str, **options: Any) -> Template:
    environment = Environment(
        loader=PackageLoader("critical_friend.brief"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        **options,
    )
    return environment.get_template(name)


def _escaped(value: object) -> object:
    if isinstance(value, str):
        return _STARTING.sub(r"\1\\\2", _MARKS.sub(r"\\\1", value))
    return value


def _style() -> str:
    return (
        resources.files("critical_friend.brief").joinpath("templates/brief.css").read_text(encoding="utf-8")
    )


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
