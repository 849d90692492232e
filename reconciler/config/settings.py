"""`reconciler.yaml` → settings."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo, available_timezones

from reconciler.config.context import Context, TableName
from reconciler.config.nodes import Node
from reconciler.config.problems import Problems
from reconciler.config.scalars import shown
from reconciler.config.values import read_duration, read_percentage
from reconciler.model.settings import (
    Consent,
    Criteo,
    Customers,
    Events,
    Guards,
    IdentifierColumn,
    Settings,
    Source,
    Table,
)

_FILE = re.compile(r".*\.(?:(?:csv|json|jsonl|ndjson)(?:\.gz)?|parquet)")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://.*", re.IGNORECASE)
_KEYS = ("workspace", "advertiser", "time_zone", "criteo", "state")
_LATER_STORES = {"s3", "gs", "az"}


def read_settings(node: Node, root: Path, context: Context) -> Settings | None:
    """The settings, or None where what they need is missing. A mistake in one does not hide those in another."""
    problems = context.problems
    sound = {key: child for key in _KEYS if (child := node.get(key)) is not None and not problems.broken(child)}
    time_zone = _read_time_zone(sound["time_zone"], problems) if "time_zone" in sound else "UTC"
    state = _read_state(sound["state"], problems) if "state" in sound else ".reconciler"
    guards = _read_guards(node.get("guards"), problems)
    source = _read_source(node.get("source") or node, context)
    if source is None or "workspace" not in sound or "advertiser" not in sound:
        return None
    return Settings(
        root=root,
        workspace=sound["workspace"].raw,
        advertiser=sound["advertiser"].raw,
        time_zone=time_zone,
        criteo=_read_criteo(sound.get("criteo")),
        source=source,
        state=root / state,
        guards=guards,
    )


def _read_time_zone(node: Node, problems: Problems) -> str:
    try:
        ZoneInfo(node.raw)
    except (OSError, ValueError, KeyError):
        hint = problems.nearest(node.raw, available_timezones())
        problems.add(node, f"there is no time zone `{shown(node.raw)}`{hint}")
    return node.raw


def _read_criteo(node: Node | None) -> Criteo:
    version, calls = (node.get(key) if node else None for key in ("api_version", "calls_per_minute"))
    default = Criteo()
    return Criteo(
        api_version=version.raw if version else default.api_version,
        calls_per_minute=int(calls.raw) if calls else default.calls_per_minute,
    )


def _read_guards(node: Node | None, problems: Problems) -> Guards:
    default = Guards()
    if node is None:
        return default
    sound = {key: child for key, child in node.entries() if not problems.broken(child)}
    share = {key: read_percentage(child, problems) for key, child in sound.items() if key != "min_count"}
    count = sound.get("min_count")
    return Guards(
        max_gone=share.get("max_gone", default.max_gone),
        max_changed=share.get("max_changed", default.max_changed),
        max_invalid=share.get("max_invalid", default.max_invalid),
        min_count=int(count.raw) if count else default.min_count,
    )


def _read_state(node: Node, problems: Problems) -> str:
    scheme = _SCHEME.fullmatch(node.raw)
    if scheme and scheme[1].lower() in _LATER_STORES:
        problems.add(node, f"`{scheme[1]}://` is not supported yet; name a folder")
    elif scheme:
        problems.add(node, "must be a folder, not a URL")
    elif ".." in PurePosixPath(node.raw).parts:
        problems.add(node, "leaves the workspace; for a folder elsewhere write its absolute path")
    return node.raw


def _read_source(node: Node, context: Context) -> Source | None:
    customers, events = node.get("customers"), node.get("events")
    is_sound = events is not None and not context.problems.broken(events)
    read_events = _read_events(events.items()[0], context) if events is not None and is_sound else None
    if customers is None or context.problems.broken(customers):
        return None
    return Source(customers=_read_customers(customers, context), events=(read_events,) if read_events else ())


def _read_customers(node: Node, context: Context) -> Customers:
    email = node.find(["identifiers", "email"])
    columns = email.get("columns") or email
    consent = node.get("consent")
    return Customers(
        table=_read_table(node, context.problems),
        key=_column("customers", node.find(["key"]), context),
        identifiers=tuple(
            IdentifierColumn(type="email", column=_column("customers", item, context)) for item in columns.items()
        ),
        consent=_read_consent(consent, context) if consent is not None else None,
    )


def _read_consent(node: Node, context: Context) -> Consent:
    column = _column("customers", node.find(["column"]), context)
    missing = node.get("missing")
    return Consent(column=column, missing="refuse" if missing is not None and missing.raw == "refuse" else "ignore")


def _read_events(node: Node, context: Context) -> Events:
    customer, name, time = (_column("events", node.find([key]), context) for key in ("customer", "name", "time"))
    fresh_within = node.get("fresh_within")
    ages = sorted(fresh_within.entries() if fresh_within is not None else (), key=lambda entry: entry[0])
    read = [(kind, read_duration(age, context.problems)) for kind, age in ages]
    return Events(
        table=_read_table(node, context.problems),
        customer=customer,
        name=name,
        time=time,
        fresh_within=tuple((kind, minutes) for kind, minutes in read if minutes is not None),
    )


def _column(table: TableName, node: Node, context: Context) -> str:
    context.name_column(table, node.raw, node)
    return node.raw


def _read_table(source: Node, problems: Problems) -> Table:
    """A file or glob below the workspace; nothing outside of it is read."""
    node = source.find(["table"])
    path = PurePosixPath(node.raw)
    if _SCHEME.fullmatch(node.raw):
        problems.add(node, "must be a file in the workspace, not a URL")
    elif path.is_absolute() or ".." in path.parts or node.raw.startswith("~"):
        problems.add(node, "leaves the workspace; write a path relative to it")
    elif not _FILE.fullmatch(node.raw):
        endings = "`.csv` or `.json` (both also with `.gz`), or in `.parquet`"
        problems.add(node, f"must be a file or a glob that ends in {endings}")
    return Table(name=node.raw, place=node.place)
