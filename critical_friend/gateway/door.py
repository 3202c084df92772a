"""Who may open what: tokens, the service's key, and how often one may come."""

import hmac
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from critical_friend.gateway import limits
from critical_friend.gateway.problems import Problem
from critical_friend.gateway.settings import Settings
from critical_friend.gateway.turns import NOT_THERE
from critical_friend.storage import Storage, digest, is_token

Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]


class Door:
    """Who may come in, and how often."""

    def __init__(self, storage: Storage, settings: Settings) -> None:
        self._storage = storage
        self._service = digest(settings.service_key) if settings.service_key else None
        self._requests = limits.Rate(settings.address_rate)
        self._openings = limits.Rate(limits.CONVERSATIONS_A_MINUTE)
        self._messages = limits.Rate(limits.MESSAGES_A_MINUTE)

    def opening(self, request: Request, bearer: Bearer) -> bool:
        """Let somebody open a conversation. Returns whether it is the service. Raises ``Problem``."""
        if self._is_service(bearer):
            return True
        address = _address(request)
        _slow_down(self._requests.wait(address))
        if request.headers.get("Authorization"):
            raise _unauthorized(
                "To open a conversation send no 'Authorization' header, or that of the service."
            )
        _slow_down(self._openings.wait(address), "Too many conversations were opened from here.")
        return False

    def opened(self, request: Request, conversation: str, bearer: Bearer) -> str:
        """The conversation, if the token or the service's key opens it. Raises ``Problem``."""
        service = self._is_service(bearer)
        if not service:  # before the token is looked at, so that guessing is slow
            _slow_down(self._requests.wait(_address(request)))
        if bearer is None:
            raise _unauthorized("Send the conversation's token in the header 'Authorization: Bearer …'.")
        token = bearer.credentials.strip()
        if not service and not is_token(token):
            raise _unauthorized("This is not a token of a conversation. It comes with the conversation's id.")
        if not (
            self._storage.is_served(conversation) if service else self._storage.may_open(conversation, token)
        ):
            # The same answer whether or not it exists, so that nobody can find out which do.
            raise Problem(404, NOT_THERE)
        return conversation

    def saying(self, conversation: str) -> None:
        """Let one more message in. Raises ``Problem``."""
        _slow_down(self._messages.wait(conversation), "That is a lot of messages.")

    def _is_service(self, bearer: HTTPAuthorizationCredentials | None) -> bool:
        given = digest(bearer.credentials.strip() if bearer else "")
        return self._service is not None and hmac.compare_digest(given, self._service)


def _address(request: Request) -> str:
    return limits.who(request.client.host if request.client else "?")


def _slow_down(seconds: int, why: str = "That is a lot of requests from here.") -> None:
    if seconds:
        unit = "second" if seconds == 1 else "seconds"
        raise Problem(429, f"{why} Wait {seconds} {unit} and go on.", {"Retry-After": str(seconds)})


def _unauthorized(detail: str) -> Problem:
    return Problem(401, detail, {"WWW-Authenticate": "Bearer"})
