"""Instants and spans as people read them."""

from __future__ import annotations

import datetime as dt

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def moment(value: dt.datetime) -> str:
    """`2026-11-21 18:00:00 UTC`; what is finer than a second is there where it is not nothing."""
    return value.astimezone(dt.UTC).replace(tzinfo=None).isoformat(sep=" ") + " UTC"


def iso(value: dt.datetime) -> str:
    """`2026-11-21T18:00:00Z`."""
    return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def span(value: dt.timedelta) -> str:
    """The two largest units of a span, cut: `2 h 48 min`."""
    left = int(abs(value.total_seconds()))
    parts: list[tuple[int, str]] = []
    for size, unit in _UNITS:
        number, left = divmod(left, size)
        parts.append((number, unit))
    first = next((place for place, (number, _) in enumerate(parts) if number), len(parts) - 1)
    return " ".join(f"{number} {unit}" for number, unit in parts[first : first + 2] if number) or "0 s"


def ago(value: dt.datetime, now: dt.datetime) -> str:
    """How long ago, or in how long."""
    return f"{span(now - value)} ago" if value <= now else f"in {span(value - now)}"
