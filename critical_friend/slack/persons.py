"""What people are called, so that the cases tell them apart."""

from __future__ import annotations

from slack_sdk import WebClient

from critical_friend.slack.places import Places
from critical_friend.slack.posting import Poster
from critical_friend.slack.trouble import Refused
from critical_friend.slack.words import words


class Persons:
    """Names of people. A name stays as it first was, because what they said is kept under it."""

    def __init__(self, places: Places, poster: Poster, team: str) -> None:
        self._places = places
        self._poster = poster
        self._team = team

    def name(self, person: str, team: str | None = None) -> str:
        """What ``person`` is called; with their workspace's name when it is another than ours."""
        return self._places.name_of(person) or self._places.call(person, self._look_up(person, team))

    def _look_up(self, person: str, team: str | None) -> str:
        client: WebClient = self._poster.client
        try:
            user = self._poster.call(client.users_info, user=person)["user"]
        except Refused:  # somebody of another workspace may not be shown to us
            user = {}
        profile = user.get("profile") or {}
        name = profile.get("display_name") or profile.get("real_name") or user.get("real_name")
        home = user.get("team_id") or team or self._team
        name = str(name or words("somebody_new")).strip()
        if home == self._team:
            return name
        return words("from_workspace", name=name, workspace=self._workspace(home))

    def _workspace(self, team: str) -> str:
        try:
            found = self._poster.call(self._poster.client.team_info, team=team)["team"]
        except Refused:
            return team
        return str(found.get("name") or team)
