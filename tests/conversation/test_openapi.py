"""The description of the interface is complete, and schemathesis holds the real server to it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from support import SCHEMA, SERVICE_KEY

HERE = Path(__file__).parent
CONFIG = """
seed = 5005
continue-on-failure = true
{parameters}
[generation]
deterministic = true
max-examples = {examples}
[auth.openapi.HTTPBearer]
bearer = "{key}"
[checks.negative_data_rejection]
expected-statuses = [401, 404, 405, 413, 422]
"""


@pytest.fixture(scope="module")
def described(servers):
    return servers.get("/api/openapi.json").json()


@pytest.fixture
def schemathesis(servers, tmp_path):
    def run(examples: int, *options: str, parameters: str = "") -> str:
        config = tmp_path / "schemathesis.toml"
        config.write_text(CONFIG.format(parameters=parameters, examples=examples, key=SERVICE_KEY))
        command = [str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(config), "run"]
        done = subprocess.run(
            [*command, f"{servers.url}/api/openapi.json", *options],
            cwd=tmp_path,  # it keeps a cache where it runs
            env={**os.environ, "SCHEMATHESIS_HOOKS": "fresh_keys", "PYTHONPATH": str(HERE)},
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
        return done.stdout

    return run


def test_one_conversation(servers, schemathesis):
    """All that can be done with a conversation that is there, and with wrong requests of all kinds."""
    opened = servers.post("/api/conversations", headers={"Authorization": f"Bearer {SERVICE_KEY}"}).json()
    pinned = f'[parameters]\n"path.conversation" = "{opened["conversation"]}"'
    told = schemathesis(8, "--phases", "coverage,fuzzing", "--exclude-method", "DELETE", parameters=pinned)
    assert "11 selected / 12 total" in told and "No issues found" in told


def test_from_opening_to_deleting(schemathesis):
    """Whole ways through the interface: what is opened can be used, and what is deleted cannot."""
    told = schemathesis(3, "--phases", "stateful")
    assert "12 selected / 12 total" in told and "No issues found" in told


def test_every_answer_is_described(described):
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            statuses = set(operation["responses"])
            assert "500" in statuses and operation["description"], (method, path)
            if path.startswith("/api/conversations"):
                assert {"401", "429"} <= statuses, (method, path)
            if "{conversation}" in path:
                assert "404" in statuses and operation["security"], (method, path)
            if "requestBody" in operation:
                assert {"413", "422"} <= statuses, (method, path)
            for status, answer in operation["responses"].items():
                assert {"X-Content-Type-Options", "Cache-Control"} <= set(answer["headers"])
                if status >= "400":
                    assert list(answer["content"]) == ["application/problem+json"]


def test_readings_have_the_form_that_the_project_shares(described):
    schemas = described["components"]["schemas"]
    assert schemas["Reading"]["properties"].keys() == SCHEMA["properties"].keys()
    shipped = Path(__file__).parents[2] / "critical_friend" / "reading.schema.json"
    assert json.loads(shipped.read_text(encoding="utf-8")) == SCHEMA
    jsonschema.Draft202012Validator.check_schema(schemas["Reply"])


def test_every_reference_leads_somewhere(described):
    def references(part):
        if isinstance(part, dict):
            yield from ([part["$ref"]] if isinstance(part.get("$ref"), str) else [])
            part = list(part.values())
        if isinstance(part, list):
            for one in part:
                yield from references(one)

    found = set(references(described))
    assert len(found) > 10
    for reference in found:
        place = described
        for name in reference.removeprefix("#/").split("/"):
            place = place[name]
