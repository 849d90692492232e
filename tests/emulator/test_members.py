"""Who is on a list, held against plain sets: whatever comes, goes, comes late, is emptied, forgotten or read again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.emulator import members, spool
from reconciler.emulator.clock import PROCESSING_PERIOD, Clock
from reconciler.emulator.packed import pack
from reconciler.emulator.store import Store
from reconciler.emulator.world import ADDED, REMOVED, Event, Segment, put_segment

LISTS = ("500", "501")
TYPES = ("email", "gum")
START = 40 * PROCESSING_PERIOD - 100.0

keys = st.lists(
    st.sampled_from([bytes([letter]) * width for letter in range(65, 69) for width in (16, 32)]), max_size=6
)
some_list = st.sampled_from(LISTS)
amend = st.tuples(
    some_list, st.sampled_from(TYPES), st.booleans(), keys, st.sampled_from(["now", "now", "later", "at run"])
)
look = st.tuples(st.just("look"), some_list)
wait = st.tuples(st.just("wait"), st.sampled_from([60.0, 60.0, PROCESSING_PERIOD / 2, 2.0 * PROCESSING_PERIOD]))
empty = st.tuples(st.just("empty"), some_list)
reopen = st.tuples(st.just("reopen"), st.booleans())
steps = st.lists(st.one_of(amend, amend, amend, look, look, wait, wait, empty, reopen), min_size=12, max_size=40)


@dataclass
class Plain:
    """What a list should hold, by a set for each type and the counts of the processing runs."""

    members: dict[str, set[bytes]] = field(default_factory=lambda: {each: set() for each in TYPES})
    runs: dict[int, int] = field(default_factory=dict)

    def count(self) -> int:
        """How many there are now."""
        return sum(map(len, self.members.values()))


class Model:
    """Plain lists, and the changes that are still to come."""

    def __init__(self, now: float) -> None:
        self.now = now
        self.lists = {each: Plain() for each in LISTS}
        self.late: list[tuple[float, float, int, Event]] = []
        self.order = count()

    def wait(self, seconds: float) -> None:
        """Let time pass: changes come when they are due, and each run counts what came up to its instant."""
        until = self.now + seconds
        for due, _, _, event in sorted(self.late):
            if due <= until:
                self._count_up_to(due, including=False)
                self.change(event)
        self.late = [each for each in self.late if each[0] > until]
        self._count_up_to(until, including=True)
        self.now = until

    def change(self, event: Event) -> None:
        """Do what an event says."""
        plain = self.lists[event.values["segment"]]
        if event.name == "members emptied":
            plain.members = {each: set() for each in TYPES}
        elif event.name == ADDED:
            plain.members[event.values["type"]] |= set(event.keys)
        else:
            plain.members[event.values["type"]] -= set(event.keys)

    def _count_up_to(self, instant: float, *, including: bool) -> None:
        run = int(self.now // PROCESSING_PERIOD) + 1
        while run * PROCESSING_PERIOD < instant or (including and run * PROCESSING_PERIOD == instant):
            for plain in self.lists.values():
                plain.runs.setdefault(run, plain.count())
            run += 1

    def counted(self, list_id: str) -> int:
        """What the newest run saw."""
        return self.lists[list_id].runs.get(int(self.now // PROCESSING_PERIOD), 0)


class World:
    """A store whose time stands still unless it is moved, beside its model."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.real = START
        self.model = Model(START)
        self.store = self._open()
        for list_id in LISTS:
            self.store.commit(put_segment(_segment(list_id)))

    def _open(self) -> Store:
        return Store(self.folder, ("42",), Clock(lambda: self.real))

    def amend(self, list_id: str, kind: str, adds: bool, members: list[bytes], when: str) -> None:
        """Change a list now, in 50 seconds, or in the next processing run."""
        values = {"segment": list_id, "type": kind}
        event = Event(name=ADDED if adds else REMOVED, at=self.store.settle(), values=values, keys=pack(members))
        if when == "now":
            self.store.commit(event)
            self.model.change(event)
            return
        (self.store.commit_after(50) if when == "later" else self.store.commit_at_run())(event)
        due, lot, _, _ = max(self.store._late, key=lambda each: each[2])
        self.model.late.append((due, lot, next(self.model.order), event))

    def empty(self, list_id: str) -> None:
        """Let everybody go."""
        event = Event(name="members emptied", at=self.store.settle(), values={"segment": list_id})
        self.store.commit(event)
        self.model.change(event)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.real += seconds
        self.model.wait(seconds)

    def reopen(self, killed: bool) -> None:
        """End the store and open its folder again, cleanly with a log that is made short, or without a goodbye."""
        if self.folder is None:
            return
        if killed:
            assert self.store._log
            self.store._log.close()
        else:
            self.store.close()
        self.store = self._open()

    def look(self, list_id: str) -> None:
        """Hold one list against its model."""
        self.store.settle()
        held, plain = self.store.world.contact_lists[list_id], self.model.lists[list_id]
        assert plain.count() == held.count()
        assert self.model.counted(list_id) == held.count_at_run(self.model.now)
        assert {each: found for each, found in plain.members.items() if found} == {
            each: set(found) for each, found in held.members().items() if found
        }


def _segment(list_id: str) -> Segment:
    return Segment(
        id=list_id,
        advertiser="42",
        name=list_id,
        description=None,
        type="ContactList",
        definition={},
        created_at=START,
        updated_at=START,
    )


@contextmanager
def _world(on_disk: bool) -> Iterator[World]:
    with TemporaryDirectory() as folder:
        world = World(Path(folder) if on_disk else None)
        try:
            yield world
        finally:
            world.store.close()


def _take(world: World, step: tuple[object, ...]) -> None:
    if step[0] in LISTS:
        world.amend(*step)  # type: ignore[arg-type]
    else:
        getattr(world, str(step[0]))(*step[1:])


@pytest.fixture
def tight(monkeypatch: pytest.MonkeyPatch) -> None:
    """Room for four members in sets and 64 bytes in memory, and a log that is shortened at its end and often before."""
    monkeypatch.setattr(members, "CACHED_MEMBERS", 4)
    monkeypatch.setattr(spool, "BYTES_IN_MEMORY", 64)
    monkeypatch.setattr("reconciler.emulator.store.SMALLEST_WASTE", -(1 << 30))
    monkeypatch.setattr("reconciler.emulator.store.FAR_BEYOND", 0)
    monkeypatch.setattr("reconciler.emulator.store.SPARE_BYTES", 3000)


@pytest.mark.usefixtures("tight")
@pytest.mark.parametrize("on_disk", [True, False])
def test_lists_hold_what_sets_would(on_disk: bool) -> None:
    """Members, counts and what Criteo has counted: through changes late and shuffled, restarts and shortened logs."""

    @settings(max_examples=120, deadline=None)
    @given(steps)
    def check(taken: list[tuple[object, ...]]) -> None:
        with _world(on_disk) as world:
            for step in taken:
                _take(world, step)
            for list_id in LISTS:
                world.look(list_id)

    check()
