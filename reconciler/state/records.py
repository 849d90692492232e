"""The snapshot's records ↔ plain JSON values. Reading raises KeyError, TypeError or ValueError on anything else."""

from __future__ import annotations

from typing import Any

from reconciler.model.address import Address
from reconciler.model.algebra import from_plain, to_plain
from reconciler.model.definition import Definition
from reconciler.model.kinds import Kind
from reconciler.state.moments import moment_from_json, moment_to_json
from reconciler.state.snapshot import AudienceRecord, KindRecord, ListRecord


def list_to_dict(record: ListRecord) -> dict[str, Any]:
    """A list's record as plain JSON values."""
    return {
        "criteo_id": record.criteo_id,
        "name": record.name,
        "description": record.description,
        "definition": record.definition.to_dict() if record.definition is not None else None,
        "as_of": moment_to_json(record.as_of),
        "count": record.count,
    }


def list_from_dict(address: Address, data: dict[str, Any]) -> ListRecord:
    """Read what `list_to_dict` wrote."""
    definition = data["definition"]
    return ListRecord(
        address=address,
        criteo_id=data["criteo_id"],
        name=data["name"],
        description=data["description"],
        definition=Definition.from_dict(definition) if definition is not None else None,
        as_of=moment_from_json(data["as_of"]),
        count=data["count"],
    )


def kind_to_dict(record: KindRecord) -> dict[str, Any]:
    """The record of one of Criteo's own kinds as plain JSON values."""
    return {
        "criteo_id": record.criteo_id,
        "name": record.name,
        "description": record.description,
        "criteo": record.kind.to_dict() if record.kind is not None else None,
    }


def kind_from_dict(address: Address, data: dict[str, Any]) -> KindRecord:
    """Read what `kind_to_dict` wrote."""
    return KindRecord(
        address=address,
        criteo_id=data["criteo_id"],
        name=data["name"],
        description=data["description"],
        kind=Kind.from_dict(data["criteo"]) if data["criteo"] is not None else None,
    )


def audience_to_dict(record: AudienceRecord) -> dict[str, Any]:
    """An audience's record as plain JSON values."""
    return {
        "criteo_id": record.criteo_id,
        "name": record.name,
        "description": record.description,
        "include": list(record.include),
        "exclude": list(record.exclude),
        "ad_sets": list(record.ad_sets),
        **({"algebra": to_plain(record.algebra)} if record.algebra else {}),
    }


def audience_from_dict(address: Address, data: dict[str, Any]) -> AudienceRecord:
    """Read what `audience_to_dict` wrote."""
    return AudienceRecord(
        address=address,
        criteo_id=data["criteo_id"],
        name=data["name"],
        description=data["description"],
        include=tuple(map(Address, data["include"])),
        exclude=tuple(map(Address, data["exclude"])),
        ad_sets=tuple(data["ad_sets"]),
        algebra=from_plain(data["algebra"]) if "algebra" in data else None,
    )
