"""Instants ↔ JSON."""

from __future__ import annotations

import datetime as dt


def moment_to_json(moment: dt.datetime | None) -> str | None:
    """An instant in UTC, as `2026-11-21T18:00:00Z`."""
    return moment.astimezone(dt.UTC).isoformat().replace("+00:00", "Z") if moment is not None else None


def moment_from_json(text: str | None) -> dt.datetime | None:
    """Read what `moment_to_json` wrote. Raises ValueError when the text has no zone."""
    if text is None:
        return None
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment
