"""The description of the interface: what FastAPI cannot know by itself is added here."""

from __future__ import annotations

import json
from http import HTTPStatus
from importlib import resources
from typing import Any

from fastapi import FastAPI

from critical_friend.brief import FORMS
from critical_friend.gateway.bodies import ProblemDetails
from critical_friend.gateway.problems import MEDIA_TYPE
from critical_friend.gateway.protection import HEADERS

_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
_SAYS = {
    401: "There is no token, or none of the right form.",
    404: "It is not there, or this token does not open it.",
    413: "It is too long or too large.",
    422: "The request has the wrong form, or its Idempotency-Key came before with another message.",
    429: "Too many requests. Wait for as long as Retry-After says.",
    503: "It is still starting, or a part of it has stopped.",
}
_TEXT = {"schema": {"type": "string"}, "required": True}
_OWN_HEADERS: dict[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": _TEXT},
    429: {
        "Retry-After": {
            "description": "Seconds",
            "schema": {"type": "string", "pattern": "^[0-9]+$"},
            "required": True,
        }
    },
}
#: The answer to somebody who has the guidance already.
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    200: {"headers": {"ETag": _TEXT}},
    304: {"description": "You have it already.", "headers": {"ETag": _TEXT}},
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors that a route answers with, beside 500."""
    return {
        status: {
            "description": _SAYS.get(status, HTTPStatus(status).phrase),
            "content": _PROBLEM,
            "headers": _OWN_HEADERS.get(status, {}),
        }
        for status in statuses
    }


def describe(app: FastAPI) -> None:
    """Let ``app`` describe itself wholly."""
    plain = app.openapi

    def whole() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _completed(plain())
        return app.openapi_schema

    app.openapi = whole  # type: ignore[method-assign]


def _completed(described: dict[str, Any]) -> dict[str, Any]:
    schemas = described["components"]["schemas"]
    schemas["ProblemDetails"] = ProblemDetails.schema()
    schemas.update(_reading())
    schemas["Reply"]["properties"]["custom"] = {"$ref": "#/components/schemas/Reading"}
    schemas["Conversation"]["properties"]["reading"] = {"$ref": "#/components/schemas/Reading"}
    for optional in ("payload", "by"):
        schemas["Message"]["properties"][optional]["type"] = ["string", "null"]
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    described["components"]["securitySchemes"] = {
        "HTTPBearer": {
            "type": "http",
            "scheme": "bearer",
            "description": "The token of the conversation, or the key of the service that opened it.",
        }
    }
    described["components"]["headers"] = {
        name: {"schema": {"type": "string"}, "required": True} for name in HEADERS
    }
    for operations in described["paths"].values():
        for operation in operations.values():
            _complete(operation)
    links = described["paths"]["/api/conversations"]["post"]["responses"]["201"].setdefault("links", {})
    for operation in ("say", "read", "delete", *(f"read_brief_{form}" for form in FORMS)):
        links[operation] = {
            "operationId": operation,
            "parameters": {"conversation": "$response.body#/conversation"},
        }
    # Anybody may open one; with the service's key it is a service's.
    described["paths"]["/api/conversations"]["post"]["security"] = [{}, {"HTTPBearer": []}]
    return described


def _complete(operation: dict[str, Any]) -> None:
    answers = operation["responses"]
    if "HTTPValidationError" in str(answers.get("422")):  # the framework's guess; it cannot happen here
        del answers["422"]
    answers["500"] = {"description": "Something has gone wrong on our side.", "content": _PROBLEM}
    for answer in answers.values():
        safe = {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS}
        answer["headers"] = {**safe, **answer.get("headers", {})}


def _reading() -> dict[str, Any]:
    """The form of readings that the project shares, as schemas of this description."""
    text = resources.files("critical_friend").joinpath("reading.schema.json").read_text(encoding="utf-8")
    reading = json.loads(text.replace("#/$defs/reason", "#/components/schemas/Reason"))
    reason = reading.pop("$defs")["reason"]
    for key in ("$schema", "$id"):
        reading.pop(key)
    return {"Reading": reading, "Reason": reason}
