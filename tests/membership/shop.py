"""A small shop of named rows, opened with the settings that a test gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reconciler.membership.ledger import LedgerFiles
from reconciler.membership.session import Session, open_session
from reconciler.model.address import segment_address
from reconciler.model.conditions import Condition, Event
from reconciler.model.definition import Definition, Who
from reconciler.model.identifiers import IdentifierType
from reconciler.model.membership import AskedSegment
from reconciler.model.settings import Customers, Events, IdentifierColumn, Place, Settings, Source, Table
from tests.membership import worlds
from tests.membership.worlds import AS_OF, CUSTOMERS_AT

BOUGHT = Event(("buy",))


def column(name: str, of: IdentifierType = "email") -> IdentifierColumn:
    """A plain column of identifiers."""
    return IdentifierColumn(type=of, column=name, region="FR" if of == "phoneNumber" else None)


def place(path: str, line: int = 1) -> Place:
    """Where something stands in the YAML."""
    return Place(file="reconciler.yaml", line=line, column=1, path=path)


def events(name: str, *identifiers: IdentifierColumn, kind: str | None = None) -> Events:
    """A source of events in a CSV file."""
    return Events(
        table=Table(name=name, place=place("source.events.table")),
        customer="customer_id",
        name=None if kind else "event",
        kind=kind,
        time="occurred_at",
        identifiers=identifiers,
    )


def did(key: str | None, kind: str = "buy", hours: float = 1, **more: Any) -> dict[str, Any]:
    """A row of events."""
    return {"customer_id": key, "event": kind, "occurred_at": AS_OF - dt.timedelta(hours=hours), **more}


@dataclass(kw_only=True)
class Shop:
    """Rows and settings; `events` by the name of their file."""

    root: Path
    customers: Sequence[Mapping[str, Any]]
    events: Mapping[str, Sequence[Mapping[str, Any]]]
    identifiers: tuple[IdentifierColumn, ...] = (column("email"),)
    same_person: str | None = None
    sources: tuple[Events, ...] = ()
    types: Mapping[str, str] = field(default_factory=dict)

    def open(
        self,
        conditions: Mapping[str, Condition],
        read: Iterable[tuple[str, str]] = (),
        ledger: LedgerFiles | None = None,
    ) -> Session:
        """A session that asks for a list a condition."""
        self._write("customers.csv", self.customers)
        for name, rows in self.events.items():
            self._write(name, rows)
        asked = [
            AskedSegment(key=key, lists=((segment_address(key), None),), wanted=Definition(Who(condition)))
            for key, condition in conditions.items()
        ]
        return open_session(worlds.request(self._settings(), asked, read=read, ledger=ledger))

    def members(self, condition: Condition = BOUGHT) -> frozenset[str]:
        """Who meets one condition, as identifiers."""
        with self.open({"all": condition}) as session:
            return worlds.members(session, segment_address("all"))

    def _write(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        columns = dict.fromkeys(key for row in rows for key in row)
        told = [{key: row.get(key) for key in columns} for row in rows]
        worlds.write(self.root / name, told, {key: self.types.get(key, "varchar") for key in columns})

    def _settings(self) -> Settings:
        customers = Customers(
            table=Table(name="customers.csv", place=CUSTOMERS_AT),
            key="customer_id",
            identifiers=self.identifiers,
            same_person=self.same_person,
        )
        return Settings(
            root=self.root,
            workspace="acme",
            advertiser="42",
            source=Source(customers=customers, events=self.sources),
            state=self.root / "state",
        )
