"""Snapshot ↔ JSON. The document names its format and carries its own digest, so that a torn or edited file is seen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from reconciler.errors import StateError
from reconciler.model.address import Address
from reconciler.state.moments import moment_from_json, moment_to_json
from reconciler.state.records import (
    audience_from_dict,
    audience_to_dict,
    kind_from_dict,
    kind_to_dict,
    list_from_dict,
    list_to_dict,
)
from reconciler.state.snapshot import Blob, Doubt, Ledger, Snapshot, SourceCounts

FORMAT = "reconciler state"
FORMAT_VERSION = 1

_Value = TypeVar("_Value")


def encode(snapshot: Snapshot) -> bytes:
    """The document: sorted, indented, the same bytes for the same snapshot."""
    content = {"format": FORMAT, "format_version": FORMAT_VERSION, **snapshot_to_dict(snapshot)}
    document = {**content, "digest": _digest(content)}
    return (json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def decode(data: bytes, place: str) -> Snapshot:
    """Read what `encode` wrote. Raises StateError on anything else; `place` names the file in its message."""
    content = _whole(_parsed(data, place), place)
    try:
        snapshot = snapshot_from_dict(content)
        same = snapshot_to_dict(snapshot) == content
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _foreign(place) from error
    if not same:
        raise _foreign(place)
    return snapshot


def _parsed(data: bytes, place: str) -> dict[str, Any]:
    try:
        document = json.loads(data)
    except ValueError as error:
        raise StateError(
            "The state is not whole.",
            f"{place}: the file is truncated or is no JSON.",
            "Put the file back from a backup. It was left untouched; without it nobody knows what the lists hold.",
        ) from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise _foreign(place)
    return document


def _whole(document: dict[str, Any], place: str) -> dict[str, Any]:
    """The content of a document of our version whose digest is right."""
    version = document.pop("format_version", None)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise _foreign(place)
    if version > FORMAT_VERSION:
        raise StateError(
            "The state was written by a newer version.",
            f"{place}: it has format version {version}, this version reads up to {FORMAT_VERSION}.",
            "Install the version of reconciler that wrote it, or a later one. The file was left untouched.",
        )
    written = document.pop("digest", None)
    if written != _digest({**document, "format_version": version}):
        raise StateError(
            "The state was changed by something else.",
            f"{place}: the content does not fit its digest; it was edited by hand or not copied whole.",
            "Put the file back from a backup. It was left untouched.",
        )
    del document["format"]
    return document


def _foreign(place: str) -> StateError:
    return StateError(
        "The state is not ours to read.",
        f"{place}: this is no state of reconciler in a form that this version knows.",
        "Check `state:` in reconciler.yaml, or put the file back from a backup. It was left untouched.",
    )


def _digest(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def snapshot_to_dict(snapshot: Snapshot) -> dict[str, Any]:
    """The snapshot as plain JSON values, without the envelope."""
    kinds = {"kinds": {address: kind_to_dict(record) for address, record in snapshot.kinds.items()}}
    return {
        **(kinds if snapshot.kinds else {}),
        "advertiser": snapshot.advertiser,
        "workspace": snapshot.workspace,
        "lineage": snapshot.lineage,
        "structure_serial": snapshot.structure_serial,
        "ledger_generation": snapshot.ledger_generation,
        "journal": snapshot.journal,
        "as_of": moment_to_json(snapshot.as_of),
        "lists": {address: list_to_dict(record) for address, record in snapshot.lists.items()},
        "audiences": {address: audience_to_dict(record) for address, record in snapshot.audiences.items()},
        "ledger": _ledger_to_dict(snapshot.ledger),
        "doubts": [doubt_to_dict(doubt) for doubt in snapshot.doubts],
        "source": _source_to_dict(snapshot.source),
    }


def snapshot_from_dict(data: dict[str, Any]) -> Snapshot:
    """Read what `snapshot_to_dict` wrote. Raises KeyError, TypeError, ValueError or AttributeError on anything else."""
    return Snapshot(
        workspace=data["workspace"],
        advertiser=data["advertiser"],
        lineage=data["lineage"],
        structure_serial=data["structure_serial"],
        ledger_generation=data["ledger_generation"],
        journal=data["journal"],
        as_of=moment_from_json(data["as_of"]),
        lists=_frozen({Address(key): list_from_dict(Address(key), each) for key, each in data["lists"].items()}),
        kinds=_frozen(
            {Address(key): kind_from_dict(Address(key), each) for key, each in data.get("kinds", {}).items()}
        ),
        audiences=_frozen(
            {Address(key): audience_from_dict(Address(key), each) for key, each in data["audiences"].items()}
        ),
        ledger=_ledger_from_dict(data["ledger"]),
        doubts=tuple(doubt_from_dict(each) for each in data["doubts"]),
        source=_source_from_dict(data["source"]) if data["source"] is not None else None,
    )


def _ledger_to_dict(ledger: Ledger) -> dict[str, Any]:
    return {
        "identifier": ledger.identifier,
        "form": ledger.form,
        "normaliser": ledger.normaliser,
        "bits": dict(ledger.bits),
        "retired": sorted(ledger.retired),
        "base": blob_to_json(ledger.base),
        "deltas": [blob_to_json(blob) for blob in ledger.deltas],
    }


def _ledger_from_dict(data: dict[str, Any]) -> Ledger:
    return Ledger(
        identifier=data["identifier"],
        form=data["form"],
        normaliser=data["normaliser"],
        bits=bits_from_dict(data["bits"]),
        retired=frozenset(data["retired"]),
        base=blob_from_json(data["base"]),
        deltas=tuple(Blob(digest=each["sha256"], size=each["size"]) for each in data["deltas"]),
    )


def doubt_to_dict(doubt: Doubt) -> dict[str, Any]:
    """A doubt as plain JSON values; the journal's intent has the same form."""
    return {
        "intent": blob_to_json(doubt.intent),
        "bits": dict(doubt.bits),
        "lists": sorted(doubt.lists),
        "creates": sorted(doubt.creates),
    }


def doubt_from_dict(data: dict[str, Any]) -> Doubt:
    """Read what `doubt_to_dict` wrote. Raises KeyError, TypeError, ValueError or AttributeError on anything else."""
    return Doubt(
        intent=blob_from_json(data["intent"]),
        bits=bits_from_dict(data["bits"]),
        lists=frozenset(map(Address, data["lists"])),
        creates=frozenset(map(Address, data["creates"])),
    )


def bits_from_dict(data: dict[str, int]) -> Mapping[Address, int]:
    """Bits by address."""
    return _frozen({Address(key): bit for key, bit in data.items()})


def blob_to_json(blob: Blob | None) -> dict[str, Any] | None:
    """Digest and size, or null."""
    return {"sha256": blob.digest, "size": blob.size} if blob is not None else None


def blob_from_json(data: dict[str, Any] | None) -> Blob | None:
    """Read what `blob_to_json` wrote."""
    return Blob(digest=data["sha256"], size=data["size"]) if data is not None else None


def _source_to_dict(source: SourceCounts | None) -> dict[str, Any] | None:
    if source is None:
        return None
    tables = {"event_tables": dict(source.event_tables)} if source.event_tables else {}
    return {
        "customers": source.customers,
        "events": source.events,
        "valid_identifiers": source.valid_identifiers,
        **tables,
    }


def _source_from_dict(data: dict[str, Any]) -> SourceCounts:
    return SourceCounts(**{**data, "event_tables": MappingProxyType(dict(data.get("event_tables", {})))})


def _frozen(mapping: dict[Address, _Value]) -> Mapping[Address, _Value]:
    return MappingProxyType(mapping)
