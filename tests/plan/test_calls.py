"""How many calls a plan will need."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.model.settings import IdentifierColumn
from reconciler.plan.build import build
from tests.plan.builders import (
    desired,
    members,
    nothing,
    segment,
    still,
)
from tests.plan.planning import moving, planned


@pytest.mark.parametrize(("count", "calls"), [(0, 0), (1, 6), (50_000, 6), (50_001, 7)])
def test_calls_are_counted_in_batches(count: int, calls: int) -> None:
    """A token, three searches, and one call for every 50,000 identifiers."""
    assert calls == planned(desired(segment("a")), membership=members(moving("segment.a", count))).calls


@pytest.mark.parametrize(("count", "calls"), [(1, 6), (2, 7), (50_001, 8)])
def test_calls_are_counted_by_type(count: int, calls: int) -> None:
    """A call takes identifiers of one type: the second type of a list costs one more."""
    new = desired(segment("a"))
    phone = IdentifierColumn(type="phoneNumber", column="phone")
    customers = replace(new.settings.source.customers, identifiers=(*new.settings.source.customers.identifiers, phone))
    new = replace(new, settings=replace(new.settings, source=replace(new.settings.source, customers=customers)))
    assert calls == planned(new, membership=members(moving("segment.a", count))).calls


@pytest.mark.parametrize(("count", "calls"), [(100, 6), (101, 7)])
def test_calls_are_counted_in_bulk(count: int, calls: int) -> None:
    """A hundred creations are one call."""
    new = desired(*(segment(f"s{number}") for number in range(count)))
    empty = still(new, holds=0)

    assert calls == build(new, nothing(), None, empty).calls
