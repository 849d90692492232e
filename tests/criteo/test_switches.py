"""The client on every side of what Criteo's documents leave open."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reconciler.emulator import Switches, switches_of
from reconciler.errors import OutcomeUnknown, Refused
from reconciler.model.remote import AudienceDraft, SegmentDraft, Targeting
from tests.criteo.pretend import Pretend, kinds, people

POSITIONS = [(name, position) for name, switch in switches_of(Switches).items() for position in switch.others]
COMBINED = {"failed_items": "warnings", "bulk_answers": "ids", "bulk_order": "shuffled", "empty_arrays": "left_out"}
NAMES = [f"List {number}" for number in range(12)]


def lead_a_life(pretend: Pretend) -> None:
    """Everything that an apply does, half of it failing, with what must come of it whatever the switches say."""
    client = pretend.connect()
    (first,) = client.create_segments([SegmentDraft(name="List 3", description="taken")])
    assert isinstance(first, str)
    results = client.create_segments([SegmentDraft(name=name, description=None) for name in NAMES])
    made = {segment.name: segment.id for segment in client.segments() if segment.name in NAMES}
    assert [results[at] for at in range(12) if at != 3] == [made[name] for name in NAMES if name != "List 3"]
    assert isinstance(results[3], Refused)
    assert results[3].code == "name-must-be-unique"
    renamed = [SegmentDraft(id=made[name], name=f"New {name}", description="words") for name in NAMES]
    done = client.update_segments([*renamed, SegmentDraft(id="77777", name="nobody", description=None)])
    assert kinds(done) == ["NoneType"] * 12 + ["Refused"]
    assert {segment.name for segment in client.segments()} >= {f"New {name}" for name in NAMES}
    assert client.amend_list(first, "add", people(1, 2)).invalid == 0
    include = Targeting(include=frozenset({first}), exclude=frozenset({made["List 4"]}))
    (audience,) = client.create_audiences([AudienceDraft(name="A", description=None, targeting=include)])
    assert isinstance(audience, str)
    client.link("700123", audience)
    assert [(each.id, each.targeting, each.ad_sets) for each in client.audiences()] == [
        (audience, include, frozenset({"700123"}))
    ]
    assert not any(isinstance(size, OutcomeUnknown) for size in client.segment_sizes([first, made["List 5"]]))
    client.link("700123", None)
    assert client.delete_audiences([audience]) == (None,)
    client.clear_list(first)
    assert client.delete_segments([*made.values(), "77777"]) == (None,) * 13
    assert {segment.name for segment in client.segments()} & set(NAMES) == set()


def test_types_that_criteos_schemas_lack_or_nobody_can_make(make_pretend: Callable[..., Pretend]) -> None:
    """A segment of a type that no schema knows, and one that Criteo alone makes, are listed with all they say."""
    pretend = make_pretend(switches=Switches(filter_based="on", behavioral="on"))
    found = {segment.type: segment for segment in pretend.connect().segments()}
    assert found["FilterBased"].others["filterBased"]
    assert found["Behavioral"].others["behavioral"]["category"]
    assert all(segment.name and segment.id for segment in found.values())


@pytest.mark.parametrize(("name", "position"), POSITIONS, ids=str)
def test_a_life_with_each_switch(make_pretend: Callable[..., Pretend], name: str, position: object) -> None:
    """Creating, changing, filling, linking and deleting come to the same with each switch in each position."""
    lead_a_life(make_pretend(switches=Switches().changed({name: position})))


def test_a_life_with_several_switches(make_pretend: Callable[..., Pretend]) -> None:
    """And with those together that make an answer to a bulk call hardest to read."""
    lead_a_life(make_pretend(switches=Switches().changed(COMBINED)))
