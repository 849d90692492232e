"""Lists that stand for all that an audience excludes, as `show` tells of them, following `schemas/show.schema.json`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from reconciler.desired import Desired
from reconciler.model.address import Address, audience_address, excluding_audience
from reconciler.model.settings import Place
from reconciler.report.document import clean

Document = dict[str, Any]


def standing_for_many(name: str, desired: Desired, used: Callable[[Address], Document]) -> Iterator[Document]:
    """The list of that key or address, if it is one; `used` tells of each list that it stands for."""
    for each in desired.exclusions:
        (made,) = each.lists
        if name not in (each.key, made.address):
            continue
        yield {
            "address": made.address,
            "written": written(each.place),
            "name": clean(made.name),
            "stands_for": [used(address) for address in each.definition.union],
            "used_by": {"segments": [], "audiences": list(_users(made.address, desired))},
        }


def _users(address: Address, desired: Desired) -> Iterator[Document]:
    for each in desired.audiences:
        if audience_address(each.key) == excluding_audience(address):
            told = {"address": each.address, "how": "exclude", "lists": [address], "ad_sets": list(each.ad_sets)}
            yield {**told, "written": written(each.place)}


def written(place: Place) -> str:
    """Where something is written: `file:line:column`."""
    return f"{place.file}:{place.line}:{place.column}"
