"""What a schema cannot see: that ids are unique, that names refer to something, that conditions make
sense, that every finding is carried by a rule, and that bold steps carry their caution."""

from __future__ import annotations

import string
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from critical_friend.guidance.faults import Fault, did_you_mean
from critical_friend.guidance.positions import Document, Path_

_WORDS = {"all", "any", "not", "at_least", "of", "any_signal"}
_VALUES = ("yes", "no", "contested")
_CONDITIONS = (
    *("when", "unless", "reached_when", "excluded_when", "played_when", "fits_when", "leans_when"),
    "never",
)
#: What replies may be filled with; see ``dialogue.words``.
PLACEHOLDERS = frozenset(
    (
        "heard phase mode name means list question matters step do who sign caution because source quote "
        "count number value signal reason said yes_first no_first needs danger by "
        "since before now day yes no"
    ).split()
)


class Checker:
    """Checks documents of good form against one another."""

    def __init__(self, documents: list[Document]) -> None:
        self.documents = documents
        self.faults: list[Fault] = []
        self.ids: dict[str, dict[str, tuple[Document, Path_]]] = {}
        self.cited: set[str] = set()
        self.advised: set[str] = set()

    def run(self) -> list[Fault]:
        """All faults."""
        self._collect()
        for section in (
            "signals",
            "phases",
            "modes",
            "roles",
            "findings",
            "sources",
            "steps",
            "rules",
            "cautions",
            "urgency",
            "replies",
            "firmness",
            "question",
            "guidance",
            "shown_at_once",
            "also",
            "terms",
            "groups",
        ):
            if not any(section in document.data for document in self.documents):
                missing = str(PurePath(self.documents[0].file).with_name(f"{section}.yml"))
                remedy = f"Add this file with '{section}:', or put the part into another file."
                self.faults.append(Fault(missing, 1, f"No file has the part '{section}'.", remedy))
        for document in self.documents:
            for path, item in _items(document):
                self._item(document, path, item)
        self._nothing_left_over()
        return self.faults

    def _fault(self, document: Document, path: Path_, what: str, remedy: str) -> None:
        self.faults.append(Fault(document.file, document.line(path), what, remedy))

    def _collect(self) -> None:
        for document in self.documents:
            for path, item in _items(document):
                section = "rules" if "rules" in path else str(path[0])
                if not isinstance(item, dict) or "id" not in item:
                    continue
                seen = self.ids.setdefault(section, {})
                if item["id"] in seen:
                    first, at = seen[item["id"]]
                    self._fault(
                        document,
                        (*path, "id"),
                        f"The id '{item['id']}' is already used in {first.file}, line {first.line(at)}.",
                        "Give one of the two another id.",
                    )
                seen[item["id"]] = (document, path)
        for document in self.documents:
            for section in ("firmness", "replies"):
                for key in document.data.get(section, {}):
                    self.ids.setdefault(section, {})[key] = (document, (section, key))

    def _refer(self, document: Document, path: Path_, owner: str, section: str, name: str) -> bool:
        known = self.ids.get(section, {})
        if name in known:
            return True
        one = {
            "signals": "signal",
            "steps": "step",
            "findings": "finding",
            "phases": "phase",
            "cautions": "caution",
            "urgency": "urgency",
            "sources": "source",
            "firmness": "firmness",
            "groups": "group",
        }[section]
        self._fault(
            document,
            path,
            f"'{owner}' names the {one} '{name}', which does not exist.",
            did_you_mean(name, known),
        )
        return False

    def _item(self, document: Document, path: Path_, item: Any) -> None:
        if path[0] == "also":
            known = {i for s in ("terms", "signals", "phases", "modes", "roles") for i in self.ids.get(s, {})}
            if path[-1] not in known:
                self._fault(
                    document,
                    path,
                    f"'{path[-1]}' is not the id of anything.",
                    did_you_mean(str(path[-1]), known),
                )
            return
        if path[0] == "replies":
            self._reply(document, path, item)
            return
        if path[0] in ("opposed", "cautioned"):
            self._promise(document, path, item)
            return
        if not isinstance(item, dict) or "id" not in item:
            return
        owner = item["id"]
        for key, section in (
            ("findings", "findings"),
            ("priorities", "steps"),
            ("advise", "steps"),
            ("withhold", "steps"),
            ("in_phase", "phases"),
            ("cautions", "cautions"),
        ):
            for i, name in enumerate(item.get(key, ())):
                self._refer(document, (*path, key, i), owner, section, name)
        for key, section in (
            ("urgency", "urgency"),
            ("source", "sources"),
            ("firmness", "firmness"),
            ("group", "groups"),
        ):
            if key in item and isinstance(item[key], str):
                self._refer(document, (*path, key), owner, section, item[key])
        if "findings" in item and "reason" in item:
            self.cited.update(item.get("findings", ()))
        self.advised.update(item.get("advise", ()))
        if "section" in item and item.get("source") in self.ids.get("sources", {}):
            home, at = self.ids["sources"][item["source"]]
            sections = home.data["sources"][at[1]]["sections"]
            if item["section"] not in sections:
                self._fault(
                    document,
                    (*path, "section"),
                    f"'{owner}' names the section '{item['section']}', which "
                    f"'{item['source']}' does not have.",
                    did_you_mean(item["section"], sections),
                )
        if item.get("advise") and "urgency" not in item:
            self._fault(
                document,
                path,
                f"'{owner}' advises a step but has no 'urgency'.",
                "Add one of: " + ", ".join(self.ids.get("urgency", {})) + ".",
            )
        for key in _CONDITIONS:
            if key in item:
                self._condition(document, (*path, key), owner, item[key])

    def _promise(self, document: Document, path: Path_, item: Any) -> None:
        """The names in what is promised of steps: what they are opposed to, how they are cautioned."""
        if path[0] == "opposed":
            self._refer(document, (*path, "step"), "opposed", "steps", item["step"])
        else:
            self._refer(document, (*path, "caution"), "cautioned", "cautions", item["caution"])
        key = "to" if path[0] == "opposed" else "steps"
        for i, name in enumerate(item[key]):
            self._refer(document, (*path, key, i), str(path[0]), "steps", name)

    def _condition(self, document: Document, path: Path_, owner: str, data: Any) -> None:
        if not isinstance(data, dict) or not data:
            self._fault(
                document,
                path,
                f"A condition of '{owner}' says nothing.",
                "Write for instance 'trust: yes', or 'all: [...]'.",
            )
            return
        words = _WORDS & set(data)
        if words and len(data) > 1 and set(data) != {"at_least", "of"}:
            self._fault(
                document,
                path,
                f"A condition of '{owner}' has '{sorted(words)[0]}' beside other keys.",
                "Put the parts into one 'all: [...]' or 'any: [...]'.",
            )
            return
        for key, value in data.items():
            here = (*path, key)
            if key == "of" and "at_least" not in data:
                self._fault(
                    document,
                    here,
                    f"A condition of '{owner}' has 'of' without 'at_least'.",
                    "Add 'at_least:' with a number, or write 'all' or 'any'.",
                )
            if key in ("all", "any", "of"):
                if not isinstance(value, list) or (not value and key != "all"):
                    self._fault(
                        document,
                        here,
                        f"'{key}' in '{owner}' needs a list of conditions.",
                        f"Write '{key}:' and below it lines that begin with '- '.",
                    )
                    continue
                for i, part in enumerate(value):
                    self._condition(document, (*here, i), owner, part)
            elif key == "not":
                self._condition(document, here, owner, value)
            elif key == "at_least":
                parts = data.get("of")
                count = len(parts) if isinstance(parts, list) else 0
                if not isinstance(value, int) or not 1 <= value <= count:
                    self._fault(
                        document,
                        here,
                        f"'at_least' in '{owner}' is {value}, but there are {count} parts.",
                        "Use a whole number from 1 to the number of parts under 'of'.",
                    )
            elif key == "any_signal":
                if value != "contested":
                    self._fault(
                        document,
                        here,
                        f"'any_signal' in '{owner}' cannot be '{value}'.",
                        "It can only be 'contested'.",
                    )
            elif self._refer(document, here, owner, "signals", key) and value not in _VALUES:
                self._fault(
                    document,
                    here,
                    f"'{key}' in '{owner}' cannot be '{value}'.",
                    did_you_mean(str(value), _VALUES),
                )

    def _reply(self, document: Document, path: Path_, text: str) -> None:
        try:
            named = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
        except ValueError:
            self._fault(
                document,
                path,
                f"The reply '{path[-1]}' has a brace that is not closed.",
                "Write placeholders as {name}.",
            )
            return
        for name in sorted(named - PLACEHOLDERS):
            self._fault(
                document,
                path,
                f"The reply '{path[-1]}' has the placeholder '{{{name}}}', which nothing fills.",
                did_you_mean(name, PLACEHOLDERS),
            )

    def _nothing_left_over(self) -> None:
        for id_, (document, path) in self.ids.get("findings", {}).items():
            if id_ not in self.cited:
                self._fault(
                    document,
                    path,
                    f"No rule rests on the finding '{id_}'.",
                    "Name it under 'findings' of a rule that carries it.",
                )
        for id_, (document, path) in self.ids.get("steps", {}).items():
            if id_ not in self.advised:
                self._fault(
                    document,
                    path,
                    f"No rule advises the step '{id_}'.",
                    "Name it under 'advise' of a rule, or take it out.",
                )


def _items(document: Document) -> Iterator[tuple[Path_, Any]]:
    """Every item of every part with its path, rules inside phases, modes and roles too."""
    for section, value in document.data.items():
        if isinstance(value, list):
            for i, item in enumerate(value):
                yield (section, i), item
                if isinstance(item, dict):
                    for j, rule in enumerate(item.get("rules", ())):
                        yield (section, i, "rules", j), rule
        elif isinstance(value, dict):
            for key, item in value.items():
                yield (section, key), item
