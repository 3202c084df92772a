"""Errors as RFC 9457 problem details, each with a sentence a person can act on."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Route

MEDIA_TYPE = "application/problem+json"
_EXAMPLES = {"messages": '{"text": "Kia ora"}', "brief": '{"notes": "Ring Housing", "talk": false}'}


class Problem(Exception):
    """An error to answer with: the HTTP ``status`` and what to tell the person."""

    def __init__(self, status: int, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, headers


def answer(status: int, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """The response for a problem."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    return JSONResponse(body, status, headers, media_type=MEDIA_TYPE)


async def on_problem(_: Request, problem: Exception) -> JSONResponse:
    """Answers ``Problem``."""
    assert isinstance(problem, Problem)
    return answer(problem.status, problem.detail, problem.headers)


async def on_http_error(request: Request, error: Exception) -> JSONResponse:
    """Answers what the framework raises, such as 404 for a wrong path."""
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if error.status_code == 405:  # the framework names the methods of one route only
        headers["Allow"] = ", ".join(sorted(_methods(request)))
    details = {
        404: "There is nothing at this address.",
        405: "This address does not take that kind of request.",
    }
    if error.status_code == 400:  # the framework's word for a body that it cannot read as JSON
        return answer(422, f"The body cannot be read as JSON.{_example(request)}")
    return answer(error.status_code, details.get(error.status_code, str(error.detail)), headers)


def _methods(request: Request) -> set[str]:
    """The methods that an address takes."""
    return {
        method
        for route in request.app.routes
        if isinstance(route, Route) and route.path_regex.match(request.url.path)
        for method in route.methods or ()
    }


async def on_wrong_form(request: Request, error: Exception) -> JSONResponse:
    """Answers a body of the wrong form, naming the fields."""
    assert isinstance(error, RequestValidationError)
    faults = [
        f"'{'.'.join(str(p) for p in fault['loc'][1:]) or 'body'}': {fault['msg']}"
        for fault in error.errors()
    ]
    example = _example(request) if any(fault["loc"][0] == "body" for fault in error.errors()) else ""
    return answer(422, f"The request has the wrong form ({'; '.join(faults)}).{example}")


def _example(request: Request) -> str:
    """What a body for this address looks like."""
    last = request.url.path.rpartition("/")[2].partition(".")[0]
    return f" Send JSON such as {_EXAMPLES[last]}." if last in _EXAMPLES else ""


def fault() -> JSONResponse:
    """Answers what nobody foresaw.

    It ends the connection, so that no client goes on with one of which nobody knows how it stands.
    """
    return answer(
        500,
        "Something has gone wrong on our side. Try again in a minute. If it stays so, "
        "tell whoever runs this service.",
        {"Connection": "close"},
    )
