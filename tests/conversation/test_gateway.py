"""The gateway by itself: settings, headers, who may open what, limits and how long things are kept.

A real gateway on a real port; Rasa is not needed for these.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import requests
import sqlalchemy as sa
from support import ORIGIN, SERVICE_KEY, SETTINGS, Servers, wait_for

from critical_friend.gateway.settings import Settings, WrongSetting
from critical_friend.storage import Storage, conversations

DAY = 24 * 60 * 60
AS_SERVICE = {"Authorization": f"Bearer {SERVICE_KEY}"}


class Gateway(Servers):
    """The gateway without the servers behind it."""

    def __enter__(self) -> Gateway:
        self.start("gateway")
        wait_for(self.is_up, 180, f"the gateway (see {self.folder})")
        return self

    def is_up(self) -> bool:
        try:
            return self.get("/api/guidance").ok
        except requests.RequestException:
            return False

    def open(self, **kwargs) -> dict[str, str]:
        answer = self.post("/api/conversations", **kwargs)
        assert answer.status_code == 201, answer.text
        return answer.json()


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    with Gateway(tmp_path_factory.mktemp("gateway"), **SETTINGS) as running:
        yield running


def bearer(opened) -> dict[str, str]:
    return {"Authorization": f"Bearer {opened['token']}"}


def operations(gateway, opened):
    """Every way to do something with a conversation: method, path and body."""
    for path, methods in gateway.get("/api/openapi.json").json()["paths"].items():
        if "{conversation}" in path:
            for method in methods:
                body = {"text": "Kia ora"} if path.endswith("/messages") else {}
                yield method, path.format(conversation=opened["conversation"]), body


def test_nobody_else_opens_a_conversation(gateway):
    mine, theirs = gateway.open(), gateway.open()
    not_there = {"conversation": "x" * 22}
    wrong = [
        None,
        {},
        {"Authorization": "Basic eA=="},
        bearer(theirs),
        bearer({"token": "a" * 43}),
        AS_SERVICE,
    ]
    wrong += [bearer({"token": mine["conversation"]}), {"Cookie": f"token={mine['token']}"}]
    tried = list(zip(operations(gateway, mine), operations(gateway, not_there), strict=True))
    assert len(tried) == 9
    for (method, path, body), (_, elsewhere, _) in tried:
        for headers in wrong:
            answer = requests.request(method, gateway.url + path, headers=headers, json=body, timeout=10)
            assert answer.status_code in (401, 404), (method, path, headers)
            same = requests.request(method, gateway.url + elsewhere, headers=headers, json=body, timeout=10)
            assert (answer.status_code, answer.content) == (same.status_code, same.content)
        in_the_address = f"{gateway.url}{path}?token={mine['token']}"
        assert requests.request(method, in_the_address, json=body, timeout=10).status_code == 401
    assert gateway.get(f"/api/conversations/{mine['conversation']}", headers=bearer(mine)).ok


def test_ids_and_tokens_cannot_be_guessed(gateway):
    opened = [gateway.open() for _ in range(5)]
    assert len({one["conversation"] for one in opened} | {one["token"] for one in opened}) == 10
    assert all(len(one["conversation"]) >= 22 and len(one["token"]) == 43 for one in opened)
    with sa.create_engine(f"sqlite:///{gateway.database}").connect() as db:
        kept = str(db.execute(sa.select(conversations)).all())
    assert not any(one["token"] in kept for one in opened)


def test_a_service_opens_what_it_has_opened_and_nothing_else(gateway):
    served, own = gateway.open(headers=AS_SERVICE), gateway.open()
    for headers in (AS_SERVICE, bearer(served)):
        assert gateway.get(f"/api/conversations/{served['conversation']}", headers=headers).ok
    assert gateway.get(f"/api/conversations/{own['conversation']}", headers=AS_SERVICE).status_code == 404


def test_a_wrong_service_key_opens_nothing(gateway):
    answer = gateway.post("/api/conversations", headers={"Authorization": f"Bearer {SERVICE_KEY[:-1]}x"})
    assert answer.status_code == 401 and "that of the service" in answer.json()["detail"]


SAFE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
}


def test_every_answer_has_safe_headers(gateway):
    opened = gateway.open()
    base = f"/api/conversations/{opened['conversation']}"
    answers = [
        gateway.post("/api/conversations"),
        gateway.get(base, headers=bearer(opened)),
        gateway.get(base),
        gateway.get("/nothing"),
        requests.put(gateway.url + base, timeout=10),
        gateway.post(f"{base}/messages", headers=bearer(opened), data=b"{"),
        gateway.post(f"{base}/messages", headers=bearer(opened), data=b"x" * 70_000),
        gateway.get(f"{base}/brief.html", headers=bearer(opened)),
        gateway.get("/health"),
        gateway.get("/api/guidance"),
        gateway.get("/"),
    ]
    assert [a.status_code for a in answers] == [201, 200, 401, 404, 405, 422, 413, 200, 503, 200, 200]
    for answer in answers:
        assert {name: answer.headers.get(name) for name in SAFE} == SAFE, answer.url
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        private = "/api/conversations" in answer.url
        assert not private or answer.headers["cache-control"] == "no-store"


def test_an_address_names_all_its_methods(gateway):
    answer = requests.put(f"{gateway.url}/api/conversations/x", timeout=10)
    assert answer.headers["allow"] == "DELETE, GET"


def preflight(gateway, origin):
    return requests.options(
        f"{gateway.url}/api/conversations/x/messages",
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type,idempotency-key",
        },
        timeout=10,
    )


def test_only_named_sites_may_embed_it(gateway):
    allowed = preflight(gateway, ORIGIN)
    assert allowed.ok and allowed.headers["access-control-allow-origin"] == ORIGIN
    assert "access-control-allow-credentials" not in allowed.headers
    refused = preflight(gateway, "https://elsewhere.example")
    assert refused.status_code == 400 and "access-control-allow-origin" not in refused.headers
    error = gateway.get("/api/conversations/x", headers={"Origin": ORIGIN})
    assert error.status_code == 401 and error.headers["access-control-allow-origin"] == ORIGIN


def test_the_guidance_is_cached_by_its_etag(gateway):
    first = gateway.get("/api/guidance")
    assert first.json()["version"] and first.json()["kept_for_days"] == 365
    again = gateway.get("/api/guidance", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304 and not again.content
    assert gateway.get("/api/guidance", headers={"If-None-Match": '"other"'}).status_code == 200


def test_the_widget_or_how_to_get_it(gateway):
    answer = gateway.get("/widget.js")
    built = Path(__file__).parents[2] / "widget" / "dist" / "widget.js"
    if built.exists():
        assert answer.content == built.read_bytes()
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    else:
        assert answer.status_code == 404 and "make setup" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("form", "media_type"), [("md", "text/markdown"), ("html", "text/html"), ("svg", "image/svg+xml")]
)
def test_a_brief_with_notes(gateway, form, media_type):
    opened = gateway.open()
    path = f"/api/conversations/{opened['conversation']}/brief.{form}"
    read = gateway.get(path, headers=bearer(opened))
    assert read.headers["content-type"] == f"{media_type}; charset=utf-8"
    written = gateway.post(path, headers=bearer(opened), json={"notes": "Ring Aroha about the hui"})
    assert ("Ring Aroha about the hui" in written.text) == (form != "svg")
    assert written.headers["content-disposition"] == f'inline; filename="critical-friend-brief.{form}"'
    assert gateway.get(f"{path}?talk=perhaps", headers=bearer(opened)).status_code == 422


def test_what_is_wrong_with_a_request_is_told(gateway):
    opened = gateway.open()
    path = f"{gateway.url}/api/conversations/{opened['conversation']}"
    for end, body, told in (
        ("messages", b"{", 'Send JSON such as {"text"'),
        ("brief.md", b'{"notes": 3}', "'notes': str type expected"),
        ("brief.md", b'{"talk": "x"}', 'Send JSON such as {"notes"'),
        ("brief.md?talk=perhaps", None, "'talk': unexpected value"),
    ):
        send = {"data": body, "headers": {**bearer(opened), "Content-Type": "application/json"}}
        answer = requests.request("POST" if body else "GET", f"{path}/{end}", timeout=10, **send)
        assert answer.status_code == 422 and told in answer.json()["detail"]


@pytest.fixture
def strict(tmp_path):
    settings = {**SETTINGS, "CRITICAL_FRIEND_ADDRESS_RATE": "20"}
    with Gateway(tmp_path, **settings) as running:
        yield running


def test_one_address_has_its_limit_whatever_it_says_of_itself(strict):
    """Also when it gives other addresses in a header, as only a proxy should."""
    path = f"/api/conversations/{strict.open()['conversation']}"
    answers = []
    while len(answers) < 30 and (not answers or answers[-1].status_code != 429):
        pretended = {"X-Forwarded-For": f"203.0.113.{len(answers)}", **bearer({"token": "a" * 43})}
        answers.append(strict.get(path, headers=pretended))
    assert answers[-1].status_code == 429 and "lot of requests" in answers[-1].json()["detail"]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 3
    assert strict.post("/api/conversations").status_code == 429
    served = strict.open(headers=AS_SERVICE)
    assert strict.get(f"/api/conversations/{served['conversation']}", headers=AS_SERVICE).ok


def test_a_proxy_that_is_named_may_say_where_requests_come_from(tmp_path, monkeypatch):
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "127.0.0.1")
    with Gateway(tmp_path, CRITICAL_FRIEND_ADDRESS_RATE="3") as behind_proxy:
        statuses = [
            behind_proxy.get("/api/conversations/x", headers={"X-Forwarded-For": address}).status_code
            for address in ("203.0.113.1", "203.0.113.2", "203.0.113.3", *["2001:db8::1"] * 3, "2001:db8::2")
        ]
    assert statuses == [401] * 6 + [429]  # the last two are of one IPv6 network


def test_what_is_not_used_is_deleted(tmp_path):
    store = Storage(f"sqlite:///{tmp_path / 'case.db'}")
    (old, _), (still_used, _), (new, _) = (store.open() for _ in range(3))
    store.wait(old, {"text": "a very particular pelican", "at": "2020-01-01T00:00:00+00:00"})
    with store.engine.begin() as db:
        db.execute(
            conversations.update().where(conversations.c.id != new).values(created=time.time() - 31 * DAY)
        )
        db.execute(
            sa.text(
                "create table events (id integer primary key, sender_id varchar, type_name varchar, "
                "timestamp float, data text)"
            )
        )
        said = sa.text(
            "insert into events (sender_id, type_name, timestamp, data) values (:id, 'user', :at, '{}')"
        )
        db.execute(
            said,
            [{"id": old, "at": time.time() - 31 * DAY}, {"id": still_used, "at": time.time() - 29 * DAY}],
        )
    with Gateway(tmp_path, CRITICAL_FRIEND_KEEP_DAYS="30"):
        wait_for(lambda: not store.exists(old), 20, "the old conversation to be deleted")
    assert store.exists(still_used) and store.exists(new)
    assert not store.waiting(old) and not store.transcript(old)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("CRITICAL_FRIEND_ORIGINS", "intranet", "'intranet', which is not the address of a site"),
        ("CRITICAL_FRIEND_ORIGINS", "https://a.nz, https://b.nz/page", "'https://b.nz/page'"),
        ("CRITICAL_FRIEND_ORIGINS", "*", "like this"),
        ("CRITICAL_FRIEND_SERVICE_KEY", "short", "at least 32"),
        ("CRITICAL_FRIEND_KEEP_DAYS", "0", "whole number of days, 1 or more"),
        ("CRITICAL_FRIEND_KEEP_DAYS", "soon", "is 'soon'"),
        ("CRITICAL_FRIEND_ADDRESS_RATE", "-1", "requests a minute"),
    ],
)
def test_a_wrong_setting_is_told(name, value, told):
    with pytest.raises(WrongSetting) as wrong:
        Settings.from_environment({name: value})
    assert name in str(wrong.value) and told in str(wrong.value)


def test_settings_as_they_should_be():
    assert Settings.from_environment({}) == Settings()
    given = {"CRITICAL_FRIEND_ORIGINS": f"{ORIGIN}, http://localhost:8080", "CRITICAL_FRIEND_KEEP_DAYS": "7"}
    assert Settings.from_environment(given) == Settings((ORIGIN, "http://localhost:8080"), None, 7)
