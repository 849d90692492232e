"""`source` of `reconciler.yaml` → where people and events come from."""

from __future__ import annotations

import re

from reconciler.config.context import Context
from reconciler.config.identifiers import read_identifiers
from reconciler.config.nodes import Node
from reconciler.config.paths import about_data
from reconciler.config.queries import read_table_query
from reconciler.config.scalars import shown
from reconciler.config.values import read_duration
from reconciler.model.settings import Consent, Customers, Events, IdentifierColumn, Source, Table

_NAME = r"[A-Za-z_][A-Za-z0-9_$]*"
_TABLES = {"postgres": re.compile(rf"{_NAME}[.]{_NAME}"), "spark": re.compile(rf"{_NAME}([.]{_NAME}){{1,2}}")}


def read_source(node: Node, context: Context) -> Source | None:
    """The source, or None where what it needs is missing."""
    customers, events = node.get("customers"), node.get("events")
    sources = events.items() if events is not None else ()
    read = [_read_events(each, number, context) for number, each in enumerate(sources) if _sound(each, context)]
    schema, master = _of_engine(node, "schema", context), _of_engine(node, "master", context)
    if customers is None or context.problems.broken(customers):
        return None
    return Source(
        engine=context.outline.engine,
        customers=_read_customers(customers, context),
        events=tuple(read),
        schema=schema or "reconciler",
        master=master,
    )


def _sound(node: Node, context: Context) -> bool:
    return isinstance(node.value, dict) and not context.problems.broken(node)


def _of_engine(node: Node, key: str, context: Context) -> str | None:
    """A setting that only some engines have."""
    child, engine = node.get(key), context.outline.engine
    if child is None:
        return None
    if engine not in {"schema": ("postgres", "spark"), "master": ("spark",)}[key]:
        context.problems.add(child, f"has no effect with `engine: {engine}`; remove it", at_key=True)
    return child.raw


def _read_customers(node: Node, context: Context) -> Customers:
    consent = node.get("consent")
    identifiers = read_identifiers(node.get("identifiers"), "customers", context)
    return Customers(
        table=_read_table(node, context),
        key=_column("customers", node.find(["key"]), context),
        identifiers=identifiers,
        consent=_read_consent(consent, context) if consent is not None else None,
        same_person=_read_same_person(node.get("same_person"), identifiers, context),
    )


def _read_consent(node: Node, context: Context) -> Consent:
    column = _column("customers", node.find(["column"]), context)
    missing = node.get("missing")
    return Consent(column=column, missing="refuse" if missing is not None and missing.raw == "refuse" else "ignore")


def _read_same_person(node: Node | None, identifiers: tuple[IdentifierColumn, ...], context: Context) -> str | None:
    if node is None:
        return None
    names = {each.column for each in identifiers}
    if node.raw not in names:
        hint = context.problems.nearest(node.raw, names)
        context.problems.add(node, f"`{shown(node.raw)}` is no column of `identifiers`{hint}")
    return node.raw


def _read_events(node: Node, number: int, context: Context) -> Events:
    owner = context.outline.own_events(number)
    name = node.find(["name"])
    kind = name.get("is")
    return Events(
        table=_read_table(node, context),
        customer=_column(owner, node.find(["customer"]), context),
        name=_column(owner, name, context) if kind is None else None,
        kind=kind.raw if kind is not None else None,
        time=_column(owner, node.find(["time"]), context),
        fresh_within=_read_fresh_within(node.get("fresh_within"), kind, context),
        identifiers=read_identifiers(node.get("identifiers"), owner, context),
    )


def _read_fresh_within(node: Node | None, only: Node | None, context: Context) -> tuple[tuple[str, int], ...]:
    """Kinds and minutes, sorted; a source of one kind can be held to no other."""
    found = []
    for kind, age in sorted(node.entries() if node is not None else (), key=lambda entry: entry[0]):
        minutes = read_duration(age, context.problems)
        if only is not None and kind not in (only.raw, "*"):
            context.problems.add(age, f"every row of this source is `{shown(only.raw)}`", at_key=True)
        context.kinds.extend([(kind, age.key_place)] if kind != "*" else ())
        if minutes is not None:
            found.append((kind, minutes))
    return tuple(found)


def _column(owner: str, node: Node, context: Context) -> str:
    context.name_column(owner, node.raw, node)
    return node.raw


def _read_table(source: Node, context: Context) -> Table:
    """Files below the workspace on DuckDB, a table of the engine elsewhere, or a query."""
    node = source.find(["table"])
    query = node.get("query")
    if query is not None:
        return Table(name=query.raw, place=node.place, query=read_table_query(query, context) or "")
    message = about_data(node.raw) if context.outline.engine == "duckdb" else _about_name(node.raw, context)
    if message:
        context.problems.add(node, message)
    return Table(name=node.raw, place=node.place)


def _about_name(text: str, context: Context) -> str:
    engine = context.outline.engine
    if _TABLES[engine].fullmatch(text):
        return ""
    more = " or `catalog.schema.table`" if engine == "spark" else ""
    return f"must be a table of {engine.capitalize()}, as `schema.table`{more}"
