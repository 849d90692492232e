from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp, select

from reconciler.membership.duckdb_engine import DuckDB
from reconciler.membership.layout import WORD
from reconciler.membership.packing import Move, packed
from reconciler.membership.sql import bits, integer

POSITIONS = st.frozensets(st.integers(0, 6 * WORD), min_size=1, max_size=60)


def test_what_fits_into_one_word_is_one_word() -> None:
    """Forty windows of lists, four of others far behind them and five of no list: one word instead of three."""
    positions = [*range(40), *range(81, 85), *range(2 * WORD, 2 * WORD + 5)]
    assert {move.word for moves in packed(positions).values() for move in moves} == {0}


def test_gaps_do_not_count() -> None:
    """Bits at both ends of a word and in the middle of the next share one word."""
    positions = [*range(20), *range(50, 60), *range(WORD + 30, WORD + 50), 3 * WORD - 1]
    assert {move.word for moves in packed(positions).values() for move in moves} == {0}


def test_full_words_stay_as_they_are() -> None:
    """Nothing is moved, and nothing is worked out, where there is nothing to gain."""
    assert all(move.alone for moves in packed(range(2 * WORD)).values() for move in moves)


@given(POSITIONS)
def test_no_two_bits_share_a_place(positions: frozenset[int]) -> None:
    """Each keeps a place of its own inside a word."""
    packing = packed(positions)
    places = {_place(packing, position) for position in positions}
    assert len(places) == len(positions)


@given(POSITIONS, st.data())
def test_unpacking_gives_back_every_bit(positions: frozenset[int], data: st.DataObject) -> None:
    """Whatever bits are set, the words are what they were."""
    held = data.draw(st.sets(st.sampled_from(sorted(positions))))
    packing = packed(positions)
    words = {move.word: 0 for moves in packing.values() for move in moves}
    for position in held:
        place = _place(packing, position)
        words[place // WORD] |= 1 << place % WORD
    columns = [bits(*(move.unpacked(_bigint(words[move.word])) for move in moves)) for moves in packing.values()]
    wanted = [sum(1 << each % WORD for each in held if each // WORD == word) for word in packing]
    assert ENGINE.rows(select(*columns)) == [tuple(wanted)]


def _place(packing: dict[int, list[Move]], position: int) -> int:
    """Where a bit lies: exactly one of its word's moves has it, and keeps it inside one word."""
    (move,) = [each for each in packing[position // WORD] if each.used >> position % WORD & 1]
    assert move.place(position) // WORD == move.word
    return move.place(position)


def _bigint(value: int) -> exp.Expr:
    return exp.cast(integer(value), "BIGINT")


ENGINE = DuckDB([], [])
