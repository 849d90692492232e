"""Entries of `tests` → tests: the rows that are given, and who is expected of what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from reconciler.config.context import Context
from reconciler.config.expectations import read_expectations
from reconciler.config.fixtures import Fixture, Row, Table, as_rows, moment_of, of_customers, of_events
from reconciler.config.nodes import Node
from reconciler.config.scalars import shown
from reconciler.model.conditions import Condition, Query
from reconciler.model.reads import Read, closure, kinds_of, leaves_of, reads_of
from reconciler.model.settings import Events, Source
from reconciler.model.tests import Expectation, Rows, TestConfig
from reconciler.model.workspace import AudienceConfig, SegmentConfig


def read_tests(
    nodes: Mapping[str, Node],
    source: Source | None,
    segments: Mapping[str, SegmentConfig],
    audiences: Mapping[str, AudienceConfig],
    context: Context,
) -> tuple[TestConfig, ...]:
    """All tests, in the order of files and lines. Without a source none can be read."""
    if source is None or not nodes:
        return ()
    conditions = {key: segment.condition for key, segment in segments.items()}
    reader = _Reader(
        source=source,
        segments=segments,
        audiences=audiences,
        context=context,
        conditions=conditions,
        kinds=frozenset(kind for each in conditions.values() for kind in kinds_of(each)),
        queries=any(isinstance(leaf, Query) for each in conditions.values() for leaf in leaves_of(each)),
    )
    sound = [(name, node) for name, node in nodes.items() if isinstance(node.value, dict)]
    return tuple(test for name, node in sound if (test := reader.read(name, node)) is not None)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reader:
    """`kinds` are those that some definition reads; with `queries` nothing tells which columns are read."""

    source: Source
    segments: Mapping[str, SegmentConfig]
    audiences: Mapping[str, AudienceConfig]
    context: Context
    conditions: Mapping[str, Condition]
    kinds: frozenset[str]
    queries: bool

    def read(self, name: str, node: Node) -> TestConfig | None:
        as_of = self._as_of(node.get("as_of"))
        given = node.get("given")
        if as_of is None or given is None or not isinstance(given.value, dict):
            return None
        tables = self._given(given, as_of)
        rows = {owner: as_rows(where, found) for owner, (where, found) in tables.items()}
        keys = {value for value in rows["customers"].column(self.source.customers.key) if isinstance(value, str)}
        expectations = tuple(read_expectations(node, keys, self.segments, self.audiences, self.context))
        if not expectations and not self.context.problems.broken(node):
            self.context.problems.add(node, "expects nothing; add `expect` or `expect_sent`", at_key=True)
        self._check_customers(tables["customers"][1])
        for owner, events in self._sources().items():
            self._check_events(events, tables.get(owner, (given, []))[1], keys)
        self._check_columns(node, rows, expectations)
        return TestConfig(
            name=name, place=node.key_place, as_of=as_of, given=MappingProxyType(rows), expectations=expectations
        )

    def _as_of(self, node: Node | None) -> dt.datetime | None:
        if node is None or self.context.problems.broken(node):
            return None
        moment = moment_of(node.raw)
        if moment is None:
            self.context.problems.add(node, f"`{shown(node.raw)}` is no time; write it as 2026-11-21T18:00:00Z")
        return moment

    def _sources(self) -> dict[str, Events]:
        return {self.context.outline.own_events(number): each for number, each in enumerate(self.source.events)}

    def _given(self, node: Node, as_of: dt.datetime) -> dict[str, tuple[Node, list[Row]]]:
        """The rows of each table, with the node that gives them."""
        known = self._known("customers")
        customers = node.find(["customers"])
        found = {
            "customers": (
                customers,
                Fixture(of_customers(self.source.customers, known), as_of, self.context).read(customers),
            )
        }
        for owner, table, where in self._given_events(node.get("events")):
            found[owner] = (where, Fixture(table, as_of, self.context).read(where))
        return found

    def _given_events(self, node: Node | None) -> Iterator[tuple[str, Table, Node]]:
        sources = self._sources()
        tables = {owner: of_events(owner, each, self._known(owner)) for owner, each in sources.items()}
        if node is None:
            return
        if isinstance(node.value, dict):
            names = {each.table.name for each in sources.values()}
            for name, child in node.entries():
                if name not in names:
                    hint = self.context.problems.nearest(name, names)
                    self.context.problems.add(
                        child, f"no source of events has the table `{shown(name)}`{hint}", at_key=True
                    )
                for owner in (owner for owner, each in sources.items() if each.table.name == name):
                    yield owner, tables[owner], child
        elif len(sources) == 1:
            yield "events", tables["events"], node
        else:
            names_said = ", ".join(f"`{each.table.name}`" for each in sources.values())
            wanted = (
                f"give the rows of each under its table: {names_said}" if sources else "there is no source of events"
            )
            self.context.problems.add(node, wanted, at_key=True)

    def _known(self, owner: str) -> frozenset[str] | None:
        """The columns of a table that somebody reads; None where a query may read others."""
        if self.queries:
            return None
        owners = {"customers"} if owner == "customers" else {owner, "events"}
        return frozenset(column for table, column in self.context.columns if table in owners)

    def _check_customers(self, rows: list[Row]) -> None:
        key, problems = self.source.customers.key, self.context.problems
        first: dict[str, Row] = {}
        for row in rows:
            value = row.values.get(key)
            if not isinstance(value, str) or not value.strip():
                problems.add(row.node, f"{row.place}lacks `{key}`, the key of a customer")
            elif value in first:
                other = first[value]
                where = f"at {other.place.removesuffix(': ')}" if other.place else f"in line {other.node.line}"
                problems.add(row.node, f"{row.place}there are two customers `{shown(value)}`; the first is {where}")
            else:
                first[value] = row

    def _check_events(self, events: Events, rows: list[Row], keys: set[str]) -> None:
        for row in rows:
            self._check_event(events, row, keys)

    def _check_event(self, events: Events, row: Row, keys: set[str]) -> None:
        problems = self.context.problems
        customer, time = row.values.get(events.customer), row.values.get(events.time)
        if events.name is not None:
            self._check_kind(row, events.name)
        if problems.broken(row.node):
            return
        if time is None:
            problems.add(row.node, f"{row.place}lacks its time: `ago: 3h`, or `{events.time}`")
        elif moment_of(str(time)) is None:
            problems.add(row.node, f"{row.place}`{shown(str(time))}` of `{events.time}` is no time")
        guest = [each.column for each in events.identifiers if row.values.get(each.column) is not None]
        if customer is None and not guest:
            others = "".join(f" or `{each.column}`" for each in events.identifiers)
            problems.add(row.node, f"{row.place}lacks `{events.customer}`{others}: whose event is it?")
        elif isinstance(customer, str) and customer not in keys and not guest:
            where = row.node.get(events.customer) or row.node
            hint = problems.nearest(customer, keys)
            problems.add(where, f"{row.place}there is no customer `{shown(customer)}` in this test{hint}")

    def _check_kind(self, row: Row, column: str) -> None:
        """A kind that nobody reads may show that it does not matter; one that is nearly another is a slip."""
        kind, problems = row.values.get(column), self.context.problems
        if kind is None:
            problems.add(row.node, f"{row.place}lacks `{column}`, the kind of the event")
            return
        hint = problems.nearest(str(kind), self.kinds) if kind not in self.kinds else ""
        if hint:
            where = row.node.get(column) or row.node
            problems.add(where, f"{row.place}no definition reads the event `{shown(str(kind))}`{hint}")

    def _check_columns(self, node: Node, given: Mapping[str, Rows], expectations: tuple[Expectation, ...]) -> None:
        """What a definition reads has to be there, in some row of those that it looks at."""
        asked = sorted({key for each in expectations for key in self._asked(each)})
        told: set[Read] = set()
        for key in dict.fromkeys(each for start in asked for each in closure(start, self.conditions)):
            for read in reads_of(self.conditions[key]):
                if read in told or self._is_there(read, given):
                    continue
                told.add(read)
                self._lacks(node, read, self.segments[key])

    def _asked(self, expectation: Expectation) -> Iterator[str]:
        if not expectation.audience:
            yield expectation.key
            return
        audience = self.audiences[expectation.key]
        yield from (each.partition(".")[0] for each in (*audience.include, *audience.exclude))

    def _is_there(self, read: Read, given: Mapping[str, Rows]) -> bool:
        if not read.kinds:
            return read.column in given["customers"].columns or not given["customers"].rows
        looked_at = [
            rows
            for owner, events in self._sources().items()
            if (rows := given.get(owner)) is not None and _has_kind(events, rows, read.kinds)
        ]
        return not looked_at or any(read.column in rows.columns for rows in looked_at)

    def _lacks(self, node: Node, read: Read, segment: SegmentConfig) -> None:
        owner = "events" if read.kinds else "customers"
        where = node.find(["given"]).get(owner) or node.find(["given"])
        place = segment.place
        said = f"`segments.{segment.key}` ({place.file}:{place.line}) reads it"
        self.context.problems.add(where, f"no row has a column `{read.column}`; {said}", at_key=True)


def _has_kind(events: Events, rows: Rows, kinds: tuple[str, ...]) -> bool:
    if events.name is None:
        return bool(rows.rows) and events.kind in kinds
    return any(kind in kinds for kind in rows.column(events.name))
