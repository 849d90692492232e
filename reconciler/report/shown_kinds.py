"""Criteo's own segments as `show` tells of them, following `schemas/show.schema.json`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from reconciler.config.names import list_name, lists_of
from reconciler.model.address import Address, segment_address
from reconciler.model.kinds import Kind
from reconciler.model.workspace import SegmentConfig
from reconciler.report.document import clean

Document = dict[str, Any]


def address_of(each: SegmentConfig) -> Address:
    """What audiences name it by: its own address, or that of an id at Criteo."""
    return lists_of(each.key, {each.key: each})[0]


def kind_word(each: SegmentConfig) -> str:
    """What it is, in a word or two."""
    return each.kind.name if each.kind else f"id {each.criteo_id} at Criteo"


def told(each: SegmentConfig) -> Document:
    """What is said of it; the name of one that is only named is Criteo's to tell."""
    return {
        "address": segment_address(each.key),
        "name": clean(list_name(each, None)) if each.kind else None,
        "description": clean(each.description) if each.description else None,
        "owner": clean(each.owner) if each.owner else None,
        "criteo_id": each.criteo_id,
        "criteo": plain(each.kind) if each.kind else None,
    }


def beyond_words(addresses: Iterable[Address]) -> str:
    """What is to be said of segments in which nobody is taken to be."""
    names = ", ".join(addresses)
    return f"as far as our lists tell: Criteo's own segments are left out, since nobody else knows who is in {names}"


def brief(each: SegmentConfig, audiences: int, written: str) -> Document:
    """A line of the overview."""
    return {
        "address": segment_address(each.key),
        "name": told(each)["name"],
        "slices": {},
        "audiences": audiences,
        "criteo": kind_word(each),
        "written": written,
    }


def plain(kind: Kind) -> Document:
    """As the YAML has it, with the address of a seed."""
    said = kind.to_dict()
    return {said.pop("kind"): {name: _shown(value) for name, value in said.items()}}


def _shown(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


def grown(address: Address, segments: Iterable[SegmentConfig]) -> Iterator[SegmentConfig]:
    """The lookalikes of a list, or of any list of a segment."""
    for each in segments:
        seed = each.kind.seed if each.kind else None
        if seed is not None and (seed == address or seed.startswith(f"{address}.")):
            yield each
