"""Bits of the ledger."""

from __future__ import annotations

from reconciler.model.address import Address
from reconciler.state.bits import allot, with_lists
from reconciler.state.snapshot import Ledger

A, B, C, D = (Address(f"segment.{name}") for name in "abcd")


def test_known_lists_keep_their_bit_and_new_ones_get_the_lowest_that_is_free() -> None:
    """New lists come in order of their address, whatever the order they are asked in; a retired bit stays out."""
    ledger = Ledger(bits={A: 0, B: 3}, retired=frozenset({1}))
    assert allot(ledger, [D, C, A]) == {A: 0, B: 3, C: 2, D: 4}


def test_a_list_that_is_no_more_leaves_its_bit_retired() -> None:
    """A bit that may still be set in a file is not given out again; one that no row has is."""
    ledger = Ledger(bits={A: 0, B: 1}, retired=frozenset({5}))
    bits = allot(ledger, [C])
    after = with_lists(ledger, bits, {C}, emptied={B})
    assert after.bits == {C: 2}
    assert after.retired == {0, 5}
    assert allot(after, [D]) == {C: 2, D: 1}


def test_a_list_that_was_never_made_gives_its_bit_back() -> None:
    """A bit that was given to a list whose creation failed was never written."""
    ledger = Ledger(bits={A: 0})
    assert with_lists(ledger, allot(ledger, [B]), {A}, emptied=()) == ledger
