"""`reconciler.yaml` → settings."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo, available_timezones

from reconciler.config.context import Context
from reconciler.config.identifiers import check_region
from reconciler.config.lint import read_schedule
from reconciler.config.nodes import Node
from reconciler.config.paths import SCHEME
from reconciler.config.problems import Problems
from reconciler.config.scalars import shown
from reconciler.config.source import read_source
from reconciler.config.values import read_percentage
from reconciler.model.settings import Criteo, Guards, Settings, Source

_KEYS = ("workspace", "advertiser", "time_zone", "criteo", "region", "state")
_LATER_STORES = {"s3", "gs", "az"}


def read_settings(node: Node, root: Path, context: Context) -> Settings | None:
    """The settings, or None where what they need is missing. A mistake in one does not hide those in another."""
    problems = context.problems
    sound = {key: child for key in _KEYS if (child := node.get(key)) is not None and not problems.broken(child)}
    time_zone = _read_time_zone(sound["time_zone"], problems) if "time_zone" in sound else "UTC"
    state = _read_state(sound["state"], problems) if "state" in sound else ".reconciler"
    guards = _read_guards(node.get("guards"), problems)
    schedule = read_schedule(node.get("schedule"), problems)
    source = read_source(node.get("source") or node, context)
    if "region" in sound and source is not None:
        _check_region(sound["region"], source, problems)
    if source is None or "workspace" not in sound or "advertiser" not in sound:
        return None
    return Settings(
        root=root,
        workspace=sound["workspace"].raw,
        advertiser=sound["advertiser"].raw,
        time_zone=time_zone,
        criteo=_read_criteo(sound.get("criteo"), context),
        source=source,
        state=root / state,
        guards=guards,
        schedule=schedule,
    )


def _read_time_zone(node: Node, problems: Problems) -> str:
    try:
        ZoneInfo(node.raw)
    except (OSError, ValueError, KeyError):
        hint = problems.nearest(node.raw, available_timezones())
        problems.add(node, f"there is no time zone `{shown(node.raw)}`{hint}")
    return node.raw


def _check_region(node: Node, source: Source, problems: Problems) -> None:
    """A region that no column of telephone numbers needs would be accepted and ignored."""
    columns = [*source.customers.identifiers, *(each for events in source.events for each in events.identifiers)]
    if not any(each.type == "phoneNumber" and each.hashed is None for each in columns):
        problems.add(node, "has no effect: `source` declares no column of telephone numbers", at_key=True)
    else:
        check_region(node, problems)


def _read_criteo(node: Node | None, context: Context) -> Criteo:
    keys = ("api_version", "calls_per_minute", "sizes")
    version, calls, sizes = (node.get(key) if node else None for key in keys)
    default = Criteo()
    return Criteo(
        api_version=version.raw if version else default.api_version,
        calls_per_minute=int(calls.raw) if calls else default.calls_per_minute,
        email_form=context.outline.email_form,
        sizes=sizes is None or sizes.value is True,
        exclusions=context.outline.exclusions,
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
    scheme = SCHEME.fullmatch(node.raw)
    if scheme and scheme[1].lower() in _LATER_STORES:
        problems.add(node, f"`{scheme[1]}://` is not supported yet; name a folder")
    elif scheme:
        problems.add(node, "must be a folder, not a URL")
    elif ".." in PurePosixPath(node.raw).parts:
        problems.add(node, "leaves the workspace; for a folder elsewhere write its absolute path")
    return node.raw
