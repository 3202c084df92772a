"""The routes of the contract."""

from __future__ import annotations

import logging
import threading
import weakref
from datetime import datetime, timezone
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from critical_friend.case import Case
from critical_friend.gateway import limits, pages, problems
from critical_friend.gateway.problems import Problem
from critical_friend.gateway.rasa_client import AssistantAway, NoReply, RasaClient
from critical_friend.guidance.watching import Watched
from critical_friend.personal import Masker
from critical_friend.reading import Reader
from critical_friend.storage import Storage

LOG = logging.getLogger("uvicorn.error")


class NewConversation(BaseModel):
    """What opens a conversation. The token is shown once and kept nowhere."""

    conversation: str
    token: str


class Message(BaseModel):
    """One message: typed ``text``, or a button's ``payload`` with its title as ``text``."""

    text: str = Field(min_length=1)
    payload: str | None = Field(None, max_length=200)
    by: str | None = Field(None, max_length=120)

    class Config:
        """Unknown fields are refused, so that a misspelt one is noticed."""

        extra = "forbid"


class Gateway:
    """What the routes share: the storage, the way to Rasa, and one lock for each conversation.

    The lock keeps the order of turns within a conversation. Rasa has one too, but there the second
    message polls once a second.
    """

    def __init__(self, storage: Storage, assistant: RasaClient) -> None:
        self.storage = storage
        self.assistant = assistant
        self.reader = Watched(Reader)
        guidance = self.reader.current().guidance
        self.masker = Masker()
        self.trouble = guidance.replies["trouble"]
        self.masked = guidance.replies["masked"]
        self.messages = limits.Rate(limits.MESSAGES_A_MINUTE)
        self.openings = limits.Rate(limits.CONVERSATIONS_A_MINUTE)
        self._locks: weakref.WeakValueDictionary[str, Any] = weakref.WeakValueDictionary()
        self._guard = threading.Lock()

    def lock(self, conversation: str) -> Any:
        """The lock of one conversation; it lives as long as somebody holds it."""
        with self._guard:
            lock = self._locks.get(conversation)
            if lock is None:
                lock = self._locks[conversation] = _Lock()
            return lock

    def reading(self, conversation: str) -> dict[str, Any]:
        """The reading of a conversation's case as it stands; of an empty case if it cannot be read."""
        try:
            case = Case.from_data(self.storage.slots(conversation).get("case"))
        except (TypeError, ValueError, KeyError, AttributeError) as fault:
            LOG.error("the case of %s cannot be read: %r", conversation, fault)
            case = Case()
        return self.reader.current().read(case)

    def turn(self, conversation: str, message: Message) -> list[dict[str, Any]]:
        """One turn, without personal details, which the user is told once.

        That comes before the other replies: the last one carries the reading, and often a question.
        """
        masked = self.masker.mask(message.text)
        with self.lock(conversation):
            replies = self._answer(conversation, message, masked.text)
            if masked.kinds and self.storage.tell_once(conversation, "masked"):
                replies.insert(0, {"text": self.masked, "buttons": []})
        return replies

    def _answer(self, conversation: str, message: Message, text: str) -> list[dict[str, Any]]:
        """The replies. Trouble behind the gateway becomes a sentence; what was said is kept."""
        said = {
            "conversation": conversation,
            "text": text,
            "button": message.payload,
            "by": message.by,
            "at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        }
        try:
            for number, earlier in self.storage.waiting(conversation):
                self._hand_on(earlier)
                self.storage.handed_on(number)
            replies = self.assistant.turn(said)
        except NoReply as trouble:
            return self._sorry(conversation, trouble)
        except AssistantAway as trouble:
            self.storage.wait(conversation, said)
            return self._sorry(conversation, trouble)
        if any(reply.get("custom", {}).get("forgotten") for reply in replies):
            self.storage.wipe(conversation)
        return [{"buttons": [], **reply} for reply in replies]

    def _hand_on(self, earlier: dict[str, Any]) -> None:
        """Hand on a message that waited; its own replies come too late to be shown."""
        try:
            self.assistant.turn(earlier)
        except NoReply:
            LOG.warning("a message that waited is with Rasa, but was not answered")

    def _sorry(self, conversation: str, trouble: Exception) -> list[dict[str, Any]]:
        LOG.warning("turn of %s: %s", conversation, trouble)
        return [{"text": self.trouble, "buttons": [], "custom": self.reading(conversation)}]


class _Lock:
    """A lock that a weak dictionary can hold."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def opened(request: Request, conversation: str, authorization: Annotated[str | None, Header()] = None) -> str:
    """The conversation, if the token opens it."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Problem(
            401,
            "Send the conversation's token in the header 'Authorization: Bearer …'.",
            {"WWW-Authenticate": "Bearer"},
        )
    if not request.app.state.gateway.storage.may_open(conversation, token.strip()):
        # The same answer whether or not it exists, so that nobody can find out which do.
        raise Problem(404, "There is no such conversation, or this token does not open it.")
    return conversation


Opened = Annotated[str, Depends(opened)]


def create_app(storage: Storage | None = None, assistant: RasaClient | None = None) -> FastAPI:
    """The application. What it needs is made from the environment unless given."""
    gateway = Gateway(storage or Storage(), assistant or RasaClient())
    app = FastAPI(
        title="Critical Friend",
        version="1",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.gateway = gateway
    # Loaded while Rasa starts as well, so that nobody waits for it at the first message.
    app.add_event_handler("startup", threading.Thread(target=gateway.masker.load, daemon=True).start)
    app.add_middleware(limits.BodyLimit)
    app.add_exception_handler(Exception, problems.on_fault)
    app.add_exception_handler(Problem, problems.on_problem)
    app.add_exception_handler(HTTPException, problems.on_http_error)
    app.add_exception_handler(RequestValidationError, problems.on_wrong_form)

    @app.post("/api/conversations", status_code=201)
    def open_conversation(request: Request) -> NewConversation:
        """Open a conversation."""
        address = request.client.host if request.client else "?"
        if not gateway.openings.allow(address):
            raise Problem(
                429, "Too many conversations were opened from here. Wait a minute.", {"Retry-After": "60"}
            )
        id_, token = gateway.storage.open()
        return NewConversation(conversation=id_, token=token)

    @app.post("/api/conversations/{conversation}/messages")
    def say(conversation: Opened, message: Message) -> JSONResponse:
        """Say something; the replies of the turn come back, the last with the reading."""
        if len(message.text) > limits.LONGEST_MESSAGE:
            raise Problem(
                413,
                f"This message is too long. Keep it under "
                f"{limits.LONGEST_MESSAGE} characters, or send it in parts.",
            )
        if not message.text.strip():
            raise Problem(422, "The message is empty. Say something in 'text'.")
        if not gateway.messages.allow(conversation):
            raise Problem(
                429, "That is a lot of messages. Wait a few seconds and go on.", {"Retry-After": "5"}
            )
        return JSONResponse(gateway.turn(conversation, message))

    @app.get("/api/conversations/{conversation}")
    def read(conversation: Opened) -> JSONResponse:
        """The transcript and the reading."""
        return JSONResponse(
            {
                "conversation": conversation,
                "transcript": gateway.storage.transcript(conversation),
                "reading": gateway.reading(conversation),
            }
        )

    @app.delete("/api/conversations/{conversation}", status_code=204)
    def delete(conversation: Opened) -> Response:
        """Delete everything kept of the conversation."""
        with gateway.lock(conversation):
            gateway.storage.delete(conversation)
        return Response(status_code=204)

    @app.get("/health")
    def health() -> JSONResponse:
        """200 once a turn can be answered."""
        if gateway.assistant.ready():
            return JSONResponse({"status": "ok"})
        return problems.answer(503, "The assistant is still starting, or has stopped.")

    pages.serve(app)
    return app
