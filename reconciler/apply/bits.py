"""Bits of the ledger: one per list, given out from the lowest free one, free again once a new base is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from itertools import count
from types import MappingProxyType

from reconciler.model.address import Address
from reconciler.state.snapshot import Blob, Ledger


def allot(ledger: Ledger, fresh: Iterable[Address]) -> Ledger:
    """Give each list of `fresh` a bit that is set nowhere; the one it had before, if any, is retired."""
    bits, retired = dict(ledger.bits), set(ledger.retired)
    for address in sorted(fresh):
        if address in bits:
            retired.add(bits.pop(address))
        taken = retired.union(bits.values())
        bits[address] = next(bit for bit in count() if bit not in taken)
    return replace(ledger, bits=MappingProxyType(bits), retired=frozenset(retired))


def keep_only(ledger: Ledger, before: Ledger, addresses: Collection[Address]) -> Ledger:
    """Take the bits away from lists that are not among `addresses`. What `before` knows may be set somewhere: it is
    retired; a bit that was never written is simply free.
    """
    bits = {address: bit for address, bit in ledger.bits.items() if address in addresses}
    gone = set(ledger.bits.values()) - set(bits.values())
    written = gone & set(before.bits.values())
    return replace(ledger, bits=MappingProxyType(bits), retired=ledger.retired | written)


def with_file(ledger: Ledger, blob: Blob, *, whole: bool) -> Ledger:
    """Add a delta, or put a whole new base in the place of all files: it holds the bits of `bits` and no others."""
    if whole:
        return replace(ledger, base=blob, deltas=(), retired=frozenset())
    return replace(ledger, deltas=(*ledger.deltas, blob))
