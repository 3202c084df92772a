"""The schema that editors read, held against the checks and the guidance."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from critical_friend.guidance import BrokenGuidance, default_folder, load

PACKAGE = default_folder().parent / "critical_friend" / "guidance"
SCHEMA = json.loads((PACKAGE / "schema.json").read_text(encoding="utf-8"))
FILES = sorted(default_folder().rglob("*.yml"))


def test_every_file_names_the_schema_on_its_first_line():
    for file in FILES:
        first = file.read_text(encoding="utf-8").splitlines()[0]
        named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
        assert named, f"{file}: the first line should name the schema, as in the files beside it"
        assert (file.parent / named[1]).resolve() == PACKAGE / "schema.json"


def test_the_schema_is_valid():
    assert SCHEMA["$schema"] == jsonschema.Draft7Validator.META_SCHEMA["$schema"]
    jsonschema.Draft7Validator.check_schema(SCHEMA)


def test_every_property_of_the_schema_is_described():
    def look(schema, place):
        for name, part in schema.get("properties", {}).items():
            assert part.get("description"), f"{place}/{name}"
            look(part, f"{place}/{name}")
        if "items" in schema:
            look(schema["items"], place)

    look(SCHEMA, "")
    look(SCHEMA["definitions"]["condition"], "condition")


def as_editors_read(file: Path):
    """YAML 1.2, as editors read it: yes and no are words."""

    class Loader(yaml.SafeLoader):
        yaml_implicit_resolvers = {
            first: [(tag, form) for tag, form in forms if not tag.endswith("bool")]
            for first, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }

    return yaml.load(file.read_text(encoding="utf-8"), Loader)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_editors_find_no_fault_with_the_guidance(file):
    jsonschema.validate(as_editors_read(file), SCHEMA, jsonschema.Draft7Validator)


@pytest.mark.parametrize(
    "condition",
    ["{}", "3", "{trust: maybe}", "{all: 3}", "{any: []}", "{any: [{trust: 1}]}", "{not: yes}", "{at_least: 1}",
     "{of: [{trust: yes}]}", "{at_least: x, of: [{trust: yes}]}", "{any_signal: yes}", "{all: [{not: {trust: perhaps}}]}"],
)  # fmt: skip
def test_what_editors_refuse_of_a_condition_is_refused_by_the_checks(copy, condition):
    file = copy / "topics" / "3-the-roles.yml"
    words = file.read_text(encoding="utf-8")
    file.write_text(words.replace("{guardian_angel: no}", condition, 1), encoding="utf-8")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(as_editors_read(file), SCHEMA, jsonschema.Draft7Validator)
    with pytest.raises(BrokenGuidance, match="nobody-covers"):
        load(copy)


def test_what_editors_suggest_exists(guidance):
    parts = {
        name: part["items"]["properties"] for name, part in SCHEMA["properties"].items() if "items" in part
    }
    for suggested, known in (
        (parts["rules"]["urgency"], guidance.urgency),
        (parts["rules"]["in_phase"]["items"], guidance.phases),
        (parts["steps"]["cautions"]["items"], guidance.cautions),
        (parts["signals"]["group"], guidance.groups),
        (parts["findings"]["firmness"], guidance.firmness),
        (parts["findings"]["source"], guidance.sources),
    ):
        assert suggested["examples"] == list(known)
