"""Bits of the ledger: one per list. What membership computes with and what apply writes must be the same bits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from itertools import count
from types import MappingProxyType

from reconciler.model.address import Address
from reconciler.state.snapshot import Ledger


def allot(ledger: Ledger, addresses: Iterable[Address]) -> Mapping[Address, int]:
    """The bit of every list that the ledger knows, and for each other of `addresses` the lowest that is set nowhere."""
    bits = dict(ledger.bits)
    taken = ledger.retired.union(bits.values())
    free = (bit for bit in count() if bit not in taken)
    for address in sorted(set(addresses) - bits.keys()):
        bits[address] = next(free)
    return MappingProxyType(bits)


def with_lists(
    ledger: Ledger, bits: Mapping[Address, int], lists: Collection[Address], emptied: Collection[Address]
) -> Ledger:
    """The ledger for `lists` alone. A bit of a list that is no more is retired, unless the list is among `emptied`:
    then no row has it any more.
    """
    known = {**ledger.bits, **bits}
    gone = {bit for address, bit in ledger.bits.items() if address not in lists and address not in emptied}
    kept = {address: known[address] for address in sorted(lists) if address in known}
    return replace(ledger, bits=MappingProxyType(kept), retired=ledger.retired | gone)
