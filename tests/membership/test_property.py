"""Random definitions on random data: every list equals what plain loops over the rows say."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.membership.session import open_session
from reconciler.model.address import Address, segment_address
from reconciler.model.definition import Definition
from reconciler.model.membership import AskedSegment
from tests.membership import strategies, worlds
from tests.membership.brute import Brute
from tests.membership.strategies import Data
from tests.membership.worlds import AS_OF

CASES = int(os.environ.get("MEMBERSHIP_CASES", "100"))
READ = [(owner, column) for owner, columns in strategies.COLUMNS.items() for column in columns]
quietly = settings(max_examples=CASES, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck))


@contextmanager
def on_disk(data: Data) -> Iterator[Path]:
    """A workspace's folder that holds the source."""
    folder = Path(tempfile.mkdtemp())
    try:
        worlds.write(folder / f"customers{data.ending}", data.world.customers, data.customers)
        worlds.write(folder / f"events{data.ending}", data.world.events, data.events)
        yield folder
    finally:
        shutil.rmtree(folder)


def lists_of(key: str, *definitions: Definition | None) -> tuple[tuple[Address, str | None], ...]:
    """The lists of all versions of a definition."""
    parts = dict.fromkeys(
        part
        for definition in definitions
        if definition is not None
        for part in ([each.name for each in definition.who.slices] or [None])
    )
    return tuple((segment_address(key, part), part) for part in parts)


@st.composite
def questions(draw: st.DrawFn) -> tuple[Data, list[Definition]]:
    """A source and the definitions asked of it."""
    bounds = draw(st.sampled_from([strategies.EVEN, strategies.ODD, strategies.FAR]))
    helpers = draw(strategies.helper_segments(bounds))
    some = st.lists(strategies.definitions(bounds, helpers), min_size=1, max_size=6)
    return draw(strategies.sources(bounds)), draw(some)


@quietly
@given(questions())
def test_every_list_holds_who_the_language_says(case: tuple[Data, list[Definition]]) -> None:
    """Members and the persons left out equal those of plain loops, whatever the format, types and definitions."""
    data, definitions = case
    asked = [
        AskedSegment(key=f"s{number}", lists=lists_of(f"s{number}", definition), wanted=definition)
        for number, definition in enumerate(definitions)
    ]
    brute = Brute(data.world)
    with on_disk(data) as root:
        made = worlds.settings(root, data.world, customers=f"customers{data.ending}", events=f"events{data.ending}")
        with open_session(worlds.request(made, asked, read=READ)) as session:
            moves = session.decide(worlds.everything(session.membership.lists))
            for segment in asked:
                assert segment.wanted is not None
                expected = brute.lists(segment.wanted, AS_OF)
                for address, part in segment.lists:
                    told = session.membership.lists[address]
                    assert worlds.sent(moves, address) == (expected[part], frozenset()), segment.wanted.to_dict()
                    assert (told.before, told.wanted, told.added) == (0, len(expected[part]), len(expected[part]))
                    assert told.left_out == brute.left_out(segment.wanted, part, AS_OF), segment.wanted.to_dict()
