"""The form of guidance files: JSON Schema's findings put into plain sentences with lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema

from critical_friend.guidance.faults import Fault, did_you_mean
from critical_friend.guidance.positions import Document

_KINDS = {
    "object": "a list of 'key: value' lines",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
}


def check_form(document: Document, schema: dict[str, Any]) -> list[Fault]:
    """Every fault of form in one file, but for those in conditions: ``checks`` says whose they are."""
    definitions = {**schema.get("definitions", {}), "condition": {}}
    validator = jsonschema.Draft7Validator({**schema, "definitions": definitions})
    faults = []
    for error in validator.iter_errors(document.data):
        path = tuple(error.absolute_path)
        for what, remedy, more in _sentences(error):
            faults.append(Fault(document.file, document.line((*path, *more)), what, remedy))
    return faults


def _sentences(
    error: jsonschema.ValidationError,
) -> Iterator[tuple[str, str, tuple[str | int, ...]]]:
    place = _place(error)
    wanted: Any = error.validator_value
    found: Any = error.instance
    if error.validator == "required":
        for key in wanted:
            if key not in found:
                yield f"{place} has no '{key}'.", f"Add a line '{key}: …'.", ()
    elif error.validator == "additionalProperties":
        allowed = list(_schema_of(error)["properties"])
        for key in found:
            if key not in allowed:
                yield (
                    f"{place} has a key '{key}' that means nothing here.",
                    did_you_mean(key, allowed),
                    (key,),
                )
    elif error.validator == "type":
        kinds = [wanted] if isinstance(wanted, str) else wanted
        remedy = "Look at its neighbours for the form."
        if "string" in kinds and isinstance(found, dict):
            remedy = "A colon and a space begin a value; put text that has them into double quotes."
        yield f"{place} should be {' or '.join(_KINDS[kind] for kind in kinds)}.", remedy, ()
    elif error.validator == "enum":
        yield (
            f"{place} cannot be '{error.instance}'.",
            did_you_mean(str(error.instance), map(str, wanted)),
            (),
        )
    elif error.validator in ("minLength", "minItems", "minProperties"):
        yield f"{place} is empty.", "Fill it in.", ()
    elif error.validator == "pattern":
        yield (
            f"{place} is '{error.instance}', which does not have the right form.",
            "Ids are small letters, numbers, '-' and '_'. Text has no spaces at its ends.",
            (),
        )
    elif error.validator == "anyOf":
        yield f"{place} says nothing.", _schema_of(error).get("description", "Fill it in."), ()
    elif error.validator == "minimum":
        yield f"{place} must be {wanted} or more.", "Use a larger number.", ()
    else:
        yield f"{place} has the wrong form.", "Look at its neighbours for the form.", ()


def _schema_of(error: jsonschema.ValidationError) -> dict[str, Any]:
    """The part of the schema that was not met."""
    schema: Any = error.schema
    return dict(schema)


def _place(error: jsonschema.ValidationError) -> str:
    names = [f"'{part}'" for part in error.absolute_path if isinstance(part, str)]
    id_ = error.instance.get("id") if isinstance(error.instance, dict) else None
    if id_:
        return f"'{id_}'"
    return names[-1] if names else "This file"
