from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp, select

from reconciler.membership.duckdb_engine import DuckDB
from reconciler.membership.layout import WORD
from reconciler.membership.packing import packed
from reconciler.membership.sql import integer

POSITIONS = st.frozensets(st.integers(0, 6 * WORD), min_size=1, max_size=60)


def test_what_fits_into_one_word_is_one_word() -> None:
    """Forty windows of lists, four of others far behind them and five of no list: one word instead of three."""
    positions = [*range(40), *range(81, 85), *range(2 * WORD, 2 * WORD + 5)]
    assert {placement.word for placement in packed(positions).values()} == {0}


def test_full_words_stay_as_they_are() -> None:
    """Nothing is moved, and nothing is worked out, where there is nothing to gain."""
    assert all(placement.alone for placement in packed(range(2 * WORD)).values())


@given(POSITIONS)
def test_no_two_bits_share_a_place(positions: frozenset[int]) -> None:
    """Each keeps a place of its own inside a word."""
    packing = packed(positions)
    places = {packing[position // WORD].place(position) for position in positions}
    assert len(places) == len(positions)
    assert all(
        packing[position // WORD].word == packing[position // WORD].place(position) // WORD for position in positions
    )


@given(POSITIONS, st.data())
def test_unpacking_gives_back_every_bit(positions: frozenset[int], data: st.DataObject) -> None:
    """Whatever bits are set, the words are what they were."""
    held = data.draw(st.sets(st.sampled_from(sorted(positions))))
    packing = packed(positions)
    words = {placement.word: 0 for placement in packing.values()}
    for position in held:
        place = packing[position // WORD].place(position)
        words[place // WORD] |= 1 << place % WORD
    columns = [placement.unpacked(_bigint(words[placement.word])) for placement in packing.values()]
    wanted = [sum(1 << each % WORD for each in held if each // WORD == word) for word in packing]
    assert ENGINE.rows(select(*columns)) == [tuple(wanted)]


def _bigint(value: int) -> exp.Expr:
    return exp.cast(integer(value), "BIGINT")


ENGINE = DuckDB([], [])
