"""What a workspace could be made of: the roles that files and columns may play in it."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.model.look import TableLook
from reconciler.scaffold.names import role_of


class Questions:
    """What is not sure, in the order in which it is found: the part of the YAML and the question."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def add(self, part: str, question: str) -> None:
        """One more."""
        self.asked.append((part, question))


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomersProposal:
    """A table of customers. `hashed` is the form of what `emails` holds, where it is no plain addresses."""

    table: TableLook
    key: str
    emails: tuple[str, ...] = ()
    hashed: str | None = None
    phones: tuple[str, ...] = ()
    consent: str | None = None
    refused: str | None = None
    same_person: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class EventsProposal:
    """A table of events, of the kinds in the column `name`, or of the one that all rows are. `fresh` are kinds and the
    age at which they are trusted no more.
    """

    table: TableLook
    customer: str
    name: str | None
    kinds: tuple[str, ...]
    time: str
    fresh: tuple[tuple[str, str], ...] = ()
    emails: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """All of it. `questions` are what nobody but the user can answer, each under the part of the YAML that it is about:
    `customers`, `consent`, `events[0]`, …
    """

    customers: CustomersProposal
    events: tuple[EventsProposal, ...]
    questions: tuple[tuple[str, str], ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Every kind that occurs, each once."""
        return tuple(dict.fromkeys(kind for each in self.events for kind in each.kinds))

    @property
    def unknown_kinds(self) -> tuple[str, ...]:
        """Those that we would not know what to do with."""
        return tuple(kind for kind in self.kinds if role_of(kind) is None)

    def asked(self, about: str) -> tuple[str, ...]:
        """The questions about one part."""
        return tuple(question for part, question in self.questions if part == about)
