"""Entries of `identifiers` → columns of identifiers, of customers and of events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from reconciler.config.context import Context
from reconciler.config.nodes import Node
from reconciler.config.problems import Problems
from reconciler.config.scalars import shown
from reconciler.model.identifiers import Form, IdentifierType
from reconciler.model.settings import IdentifierColumn

_NO_REGION = "has no effect on hashes; remove it"


def read_identifiers(node: Node | None, owner: str, context: Context) -> tuple[IdentifierColumn, ...]:
    """The columns of every type, in the order in which they are written within a type."""
    found: list[IdentifierColumn] = []
    for kind in get_args(IdentifierType) if node is not None else ():
        child = node.get(kind) if node is not None else None
        for item, column in _columns(kind, child, context) if child is not None else ():
            _refuse_twice(item, column, found, context)
            context.name_column(owner, column.column, item)
            found.append(column)
    return tuple(found)


def _columns(kind: IdentifierType, node: Node, context: Context) -> Iterator[tuple[Node, IdentifierColumn]]:
    """Each column with the node that names it."""
    if context.problems.broken(node):
        return
    hashed = _hashed(kind, node, context)
    usual = _region(node, context, hashed) or context.outline.region
    for item in (node.get("columns") or node).items():
        own = _region(item, context, hashed) if item is not node else None
        named = item.get("column") or item
        region = None if kind == "email" or hashed else own or usual
        yield named, IdentifierColumn(type=kind, column=named.raw, hashed=hashed, region=region)


def _hashed(kind: IdentifierType, node: Node, context: Context) -> Form | None:
    child = node.get("hashed")
    form = next((form for form in get_args(Form) if child is not None and child.raw == form), None)
    sent = context.outline.email_form
    if child is not None and form is not None and kind == "email" and form != sent:
        message = f"addresses are sent as `{sent}` (`criteo.email_form`), and no hash can be turned into another"
        context.problems.add(child, message)
    return form


def _region(node: Node, context: Context, hashed: Form | None) -> str | None:
    child = node.get("region")
    if child is None:
        return None
    if hashed:
        context.problems.add(child, _NO_REGION, at_key=True)
    else:
        check_region(child, context.problems)
    return child.raw


def check_region(node: Node, problems: Problems) -> None:
    """A country whose telephone numbers nobody knows the form of would make every number invalid."""
    from phonenumbers import SUPPORTED_REGIONS  # noqa: PLC0415 - only where telephone numbers are declared

    if node.raw not in SUPPORTED_REGIONS:
        hint = " (the United Kingdom is `GB`)" if node.raw == "UK" else ""
        problems.add(node, f"`{shown(node.raw)}` is no country with telephone numbers of its own{hint}")


def _refuse_twice(node: Node, column: IdentifierColumn, others: list[IdentifierColumn], context: Context) -> None:
    if any(column.column == other.column for other in others):
        context.problems.add(node, f"column `{column.column}` is declared twice")
