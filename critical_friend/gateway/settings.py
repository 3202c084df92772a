"""What whoever runs the service can set, by environment variables."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

#: A scheme and a host, perhaps a port, and nothing after them: what browsers send as 'Origin'.
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+")
_SHORTEST_KEY = 32


class WrongSetting(Exception):
    """An environment variable cannot be used; the message says which, why and what to do."""


@dataclass(frozen=True)
class Settings:
    """``origins`` may embed the widget; ``service_key`` is that of a service such as Slack's;
    conversations are kept for ``keep_days`` after they were last used; one address may send
    ``address_rate`` requests a minute."""

    origins: tuple[str, ...] = ()
    service_key: str | None = None
    keep_days: int = 365
    address_rate: int = 600

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """The settings in ``environment`` (that of the process by default). Raises ``WrongSetting``."""
        given = os.environ if environment is None else environment
        return cls(
            _origins(given.get("CRITICAL_FRIEND_ORIGINS", "")),
            _service_key(given.get("CRITICAL_FRIEND_SERVICE_KEY", "")),
            _number(given, "CRITICAL_FRIEND_KEEP_DAYS", cls.keep_days, "days"),
            _number(given, "CRITICAL_FRIEND_ADDRESS_RATE", cls.address_rate, "requests a minute"),
        )


def _origins(text: str) -> tuple[str, ...]:
    origins = tuple(part.strip() for part in text.split(",") if part.strip())
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise WrongSetting(
                f"CRITICAL_FRIEND_ORIGINS has '{origin}', which is not the address of a site. Give the "
                "sites that may embed the widget like this, with nothing after the name: "
                "https://intranet.example.govt.nz, https://team.example.govt.nz"
            )
    return origins


def _service_key(text: str) -> str | None:
    if text and (len(text) < _SHORTEST_KEY or not text.isascii() or not text.isprintable() or " " in text):
        raise WrongSetting(
            f"CRITICAL_FRIEND_SERVICE_KEY should have at least {_SHORTEST_KEY} letters and digits, without "
            "spaces. Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    return text or None


def _number(given: Mapping[str, str], name: str, default: int, unit: str) -> int:
    text = given.get(name, "").strip() or str(default)
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= 1_000_000):
        raise WrongSetting(
            f"{name} is '{text}'. It should be a whole number of {unit}, 1 or more. "
            f"Leave it out for {default}."
        )
    return int(text)
