"""An explanation of a person as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from reconciler.explain.answers import EventSeen, Evidence, Explained, Fate, InAudience, Judged, Looked, Standing, Turn
from reconciler.model.settings import Place
from reconciler.report.moments import iso

FORMAT_VERSION = "1.0"


def render_person_json(found: Sequence[Explained]) -> str:
    """Everybody who was found, as `schemas/explain.schema.json` describes it."""
    return dumped(_people("person in segment", [person(each) for each in found]))


def _people(told: str, people: list[dict[str, Any]]) -> dict[str, Any]:
    return {"format_version": FORMAT_VERSION, "told": told, "people": people}


def dumped(document: Any) -> str:
    """A document as it is printed."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def person(explained: Explained) -> dict[str, Any]:
    """One person."""
    return {
        "as_of": iso(explained.as_of),
        "holders": explained.holders,
        "records": explained.records,
        "predictable": explained.predictable,
        **_looked(explained.looked),
        "lists": [standing(each) for each in explained.standings],
    }


def standing(each: Standing) -> dict[str, Any]:
    """One person in one list."""
    return {
        "address": each.address,
        "name": each.name,
        "place": place(each.place),
        "published": each.published,
        "in": each.belongs,
        "reasons": list(each.reasons),
        "entered": turn(each.turned) if each.belongs else None,
        "leaves": turn(each.turns) if each.belongs else None,
        "enters": None if each.belongs else turn(each.turns),
        "consent": each.consents,
        "in_period": each.in_period,
        "conditions": _judged(each.judged),
        "identifiers": [_fate(fate) for fate in each.fates],
    }


def _looked(looked: Looked) -> dict[str, str | None]:
    names = ("looked_back_to", "looked_ahead_to")
    return {name: iso(moment) if moment else None for name, moment in zip(names, looked, strict=True)}


def turn(each: Turn | None) -> dict[str, Any] | None:
    """When a standing changes, and why."""
    return None if each is None else {"at": iso(each.at), "why": list(each.why)}


def _judged(each: Judged) -> dict[str, Any]:
    return {
        "role": each.clause.role,
        "path": each.clause.path,
        "place": place(each.clause.place),
        "text": each.clause.text,
        "holds": each.holds,
        "decides": each.decides,
        "values": list(each.values),
        "events": [_evidence(evidence) for evidence in each.evidence],
        "conditions": [_judged(child) for child in each.children],
    }


def _evidence(each: Evidence) -> dict[str, Any]:
    return {"what": each.what, "events": [_event(event) for event in each.events], "more": each.more}


def _event(each: EventSeen) -> dict[str, Any]:
    return {"kind": each.kind, "time": iso(each.time), "columns": dict(each.columns)}


def _fate(each: Fate) -> dict[str, Any]:
    return {
        "type": each.type,
        "number": each.number,
        "sent": each.sent,
        "kept_back": dict(each.kept_back),
        "invalid": dict(each.invalid),
    }


def place(where: Place | None) -> dict[str, Any] | None:
    """Where something stands in the YAML."""
    return None if where is None else {"file": where.file, "line": where.line, "column": where.column}


def render_in_audience_json(found: Sequence[InAudience]) -> str:
    """Everybody who was found, in an audience."""
    return dumped(_people("person in audience", [_in_audience(each) for each in found]))


def _in_audience(told: InAudience) -> dict[str, Any]:
    return {
        "as_of": iso(told.as_of),
        "holders": told.holders,
        "records": told.records,
        "predictable": told.predictable,
        **_looked(told.looked),
        "audience": told.address,
        "name": told.name,
        "place": place(told.place),
        "in": told.reached,
        "entered": turn(told.turned) if told.reached else None,
        "leaves": turn(told.turns) if told.reached else None,
        "enters": None if told.reached else turn(told.turns),
        "identifiers": told.identifiers,
        "included": told.included,
        "held_out": dict(told.held_out),
        **({"algebra": told.algebra} if told.algebra else {}),
        **({"beyond": list(told.beyond)} if told.beyond else {}),
        "in_period": told.in_period,
        "include": [standing(each) for each in told.include],
        "exclude": [standing(each) for each in told.exclude],
    }
