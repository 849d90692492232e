"""How things stand, as a document that follows `schemas/status.schema.json`. Counts and names, never an identifier."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from reconciler.report.document import clean
from reconciler.report.moments import iso
from reconciler.state.lock import Lock
from reconciler.state.statistics import Reading
from reconciler.status.standing import AudienceStanding, KindStanding, ListStanding, Standing

FORMAT_VERSION = "1.0"
Document = dict[str, Any]


def status_document(standing: Standing) -> Document:
    """The whole of it as JSON values."""
    snapshot = standing.snapshot
    return {
        "format_version": FORMAT_VERSION,
        "workspace": clean(standing.workspace),
        "advertiser": standing.advertiser,
        "now": iso(standing.now.replace(microsecond=0)),
        "state": {
            "lineage": snapshot.lineage,
            "structure_serial": snapshot.structure_serial,
            "ledger_generation": snapshot.ledger_generation,
            "as_of": _iso(snapshot.as_of),
        }
        if snapshot
        else None,
        "schedule": _schedule(standing),
        "lock": _lock(*standing.lock) if standing.lock else None,
        "doubts": [{"lists": sorted(each.lists), "creates": sorted(each.creates)} for each in standing.doubts],
        "unapplied": [{"address": address, "what": list(what)} for address, what in standing.unapplied.items()],
        "lists": [_list(each, standing) for each in standing.lists],
        "kinds": [_kind(each) for each in standing.kinds],
        "audiences": [_audience(each) for each in standing.audiences],
        "notes": [clean(note) for note in standing.notes],
    }


def render_status_json(standing: Standing) -> str:
    """Indented, with a line end."""
    return json.dumps(status_document(standing), indent=2, ensure_ascii=False) + "\n"


def _schedule(standing: Standing) -> Document:
    synced = standing.synced
    return {
        "minutes": standing.schedule,
        "last_as_of": _iso(standing.as_of),
        "last_sync": {"at": _iso(synced.at), "as_of": _iso(synced.as_of)} if synced else None,
        "late_by_minutes": int(standing.late_by.total_seconds()) // 60 if standing.late_by else None,
    }


def _lock(lock: Lock, why_free: str | None) -> Document:
    return {
        "id": lock.id,
        "operation": lock.operation,
        "host": lock.holder.host,
        "pid": lock.holder.pid,
        "since": _iso(lock.since),
        "until": _iso(lock.until),
        "free": why_free,
    }


def _list(each: ListStanding, standing: Standing) -> Document:
    return {
        "address": each.address,
        "name": clean(each.name),
        "criteo_id": each.criteo_id,
        "held": each.held,
        "as_of": _iso(each.as_of),
        "counts": _counts(each.reading, standing.criteos_now) if each.reading else None,
        "fit": each.fit.value if each.fit else None,
        "size": each.size,
    }


def _counts(reading: Reading, now: dt.datetime) -> Document:
    return {
        "at": _iso(reading.at),
        "age_minutes": max(0, int((now - reading.at).total_seconds()) // 60),
        "identifiers": reading.identifiers,
        "matches": reading.matches,
        "match_rate": reading.match_rate if reading.identifiers != 0 else None,
        "held_low": reading.low,
        "held_high": reading.high,
        "settled": reading.settled,
    }


def _kind(each: KindStanding) -> Document:
    return {
        "address": each.address,
        "name": clean(each.name),
        "criteo_id": each.criteo_id,
        "kind": each.kind,
        "size": each.size,
    }


def _audience(each: AudienceStanding) -> Document:
    return {
        "address": each.address,
        "name": clean(each.name),
        "criteo_id": each.criteo_id,
        "ad_sets": list(each.ad_sets),
        "size": each.size,
    }


def _iso(moment: dt.datetime | None) -> str | None:
    return iso(moment.replace(microsecond=0)) if moment is not None else None
