"""What requests and answers look like. The answers' forms are for the description of the interface."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field, StrictBool, StrictStr, validator

from critical_friend.gateway import limits

#: Any text with something in it that can be seen.
_SEEN = "[^\\s\\x00-\\x1f\\x7f-\\x9f]"


class _Strict(BaseModel):
    class Config:
        """Unknown fields are refused, so that a misspelt one is noticed."""

        extra = "forbid"


class Message(_Strict):
    """One message: typed ``text``, or a button's ``payload`` with its title as ``text``."""

    text: StrictStr = Field(
        ..., description="What is said. Personal details are taken out before it is kept."
    )
    payload: StrictStr | None = Field(
        None, min_length=1, max_length=200, description="The payload of a button that was pressed."
    )
    by: StrictStr | None = Field(
        None, max_length=120, description="Who says it, where several people share a conversation."
    )

    class Config:
        """The length of the text is looked at later, because too long is not of the wrong form."""

        @staticmethod
        def schema_extra(schema: dict[str, Any]) -> None:
            """Describe what is checked by hand."""
            schema["properties"]["text"].update(minLength=1, maxLength=limits.LONGEST_MESSAGE, pattern=_SEEN)

    @validator("text", "payload", "by")
    def _is_text(cls, text: str | None) -> str | None:
        return None if text is None else clean(text)

    @validator("text")
    def _is_not_empty(cls, text: str) -> str:
        if not text.strip():
            raise ValueError("it is empty, so say something in it")
        return text


class BriefWishes(_Strict):
    """What goes into a brief beside the case."""

    notes: StrictStr = Field(
        "", max_length=limits.LONGEST_MESSAGE, description="Your own notes, as plain text."
    )
    talk: StrictBool = Field(False, description="Whether the words of the talk are shown as well.")

    @validator("notes")
    def _is_text(cls, text: str) -> str:
        return clean(text)


def clean(text: str) -> str:
    """``text`` without what is no character: control signs, but for new lines, and halves of signs."""
    return "".join(
        sign
        for sign in text
        if sign in "\n\r\t" or not (ord(sign) < 32 or 127 <= ord(sign) < 160 or 0xD800 <= ord(sign) < 0xE000)
    )


class NewConversation(BaseModel):
    """What opens a conversation. The token is shown once and kept nowhere."""

    conversation: str
    token: str


class Button(BaseModel):
    """A choice. Send ``payload`` back beside ``title`` as the text."""

    title: str
    payload: str


class Reply(BaseModel):
    """One message to the user. The last of a turn carries the reading."""

    text: str
    buttons: list[Button]
    speaker: str | None = Field(description="Who says it, in a rehearsal. ``text`` begins with the name.")
    custom: Any


class Line(BaseModel):
    """One line of a transcript."""

    by: Literal["user", "bot"]
    text: str
    at: float = Field(..., description="Seconds since 1970.")
    speaker: str | None
    buttons: list[Button] | None = Field(description="On the replies of the last turn only.")


class Conversation(BaseModel):
    """A conversation as it stands."""

    conversation: str
    transcript: list[Line]
    reading: Any


class Named(BaseModel):
    """A phase, mode or role."""

    id: str
    name: str
    means: str


class Group(BaseModel):
    """A heading under which signals are listed."""

    id: str
    name: str


class Heard(BaseModel):
    """How a signal is said back."""

    yes: str
    no: str


class SignalWords(Named):
    """A signal in words."""

    group: str
    question: str
    heard: Heard


class Source(BaseModel):
    """A part of a work."""

    title: str
    section: str


class RuleWords(BaseModel):
    """A rule in words."""

    reason: str
    sources: list[Source]
    firmness: str


class StepWords(BaseModel):
    """A next step in words."""

    title: str
    do: str
    with_: str = Field(..., alias="with")
    sign: str


class GuidanceWords(BaseModel):
    """Everything that a client needs to draw a case in words."""

    version: str
    phases: list[Named]
    modes: list[Named]
    roles: list[Named]
    signals: list[SignalWords]
    groups: list[Group]
    rules: dict[str, RuleWords]
    steps: dict[str, StepWords]
    kept_for_days: int = Field(..., description="After so many days without use a conversation is deleted.")


class Health(BaseModel):
    """A turn can be answered."""

    status: Literal["ok"]


class ProblemDetails(BaseModel):
    """An error (RFC 9457); ``detail`` is a sentence that a person can act on."""

    type: str
    title: str
    status: int
    detail: str
