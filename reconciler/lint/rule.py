"""What a rule is and what it finds. Plugins build theirs from the names of this module and of `subject`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from reconciler.lint.subject import Subject
from reconciler.model.lint import Severity
from reconciler.model.settings import Place

ID = re.compile(r"[A-Z]{2,8}[0-9]{3,4}")
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

Reads = Literal["workspace", "data", "both"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """One thing that a rule has found.

    `address` is the segment, list or audience, or `workspace`. `message` says what is so, with its figures; `hint` what
    to do. Neither may hold a person's data.
    """

    address: str
    place: Place
    message: str
    hint: str


Check = Callable[[Subject], Iterable[Hit]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A rule with all that its page says.

    `id` and `name` never change. `what` is one sentence, `why` and `instead` are prose. `reads` tells whether it needs
    the data: `data` looks only where there is some, `both` finds more there. `settings` are the keys of `lint` that it
    goes by, `sources` says where its facts come from. `wrong` and `right` are examples in YAML.
    """

    id: str
    name: str
    severity: Severity
    what: str
    why: str
    instead: str
    check: Check
    reads: Reads = "workspace"
    settings: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    wrong: str = ""
    right: str = ""

    def is_meant_by(self, word: str) -> bool:
        """Whether a word of `ignore` or `severity`, or of an option, is its id or its name."""
        return word in {self.id, self.name}

    def is_among(self, word: str) -> bool:
        """Whether a word of `select` chooses it: by id or name, or by the beginning of its id."""
        return self.is_meant_by(word) or (re.fullmatch(r"[A-Z]+[0-9]*", word) is not None and self.id.startswith(word))


@dataclass(frozen=True, order=True, kw_only=True, slots=True)
class Finding:
    """What a rule has found, as it is told."""

    file: str
    line: int
    column: int
    rule: str
    address: str
    message: str
    hint: str
    name: str
    severity: Severity
    path: str


@dataclass(frozen=True, order=True, kw_only=True, slots=True)
class Ignored:
    """A finding that the workspace ignores, and why."""

    finding: Finding
    reason: str


def finding(rule: Rule, hit: Hit, severity: Severity) -> Finding:
    """A hit of a rule as it is told."""
    return Finding(
        file=hit.place.file,
        line=hit.place.line,
        column=hit.place.column,
        path=hit.place.path,
        rule=rule.id,
        name=rule.name,
        severity=severity,
        address=hit.address,
        message=hit.message,
        hint=hit.hint,
    )
