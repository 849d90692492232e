"""A batch that is too large for Criteo goes in halves: how many identifiers a call takes, and bytes, is not sure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from reconciler.errors import CriteoError, OutcomeUnknown, Refused
from reconciler.model.identifiers import Identifiers
from reconciler.model.remote import Amended

SMALLEST = 500
"""No half is smaller: a call of so few identifiers is not refused for its size."""

_VAGUE = ("", "invalid")
"""Codes that may mean the size of a call; any other says what else it is about."""


def in_halves(send: Callable[[Identifiers], Amended], batch: Identifiers) -> Amended:
    """Send a batch, in halves where Criteo refuses it for what may be its size.

    Raises what `send` raises; once a part was taken, what becomes of the rest is OutcomeUnknown at best.
    """
    try:
        return send(batch)
    except Refused as refused:
        if len(batch) < 2 * SMALLEST or not _may_be_too_large(refused):
            raise
    middle = len(batch) // 2
    first = in_halves(send, replace(batch, digests=batch.digests[:middle]))
    try:
        second = in_halves(send, replace(batch, digests=batch.digests[middle:]))
    except OutcomeUnknown:
        raise
    except CriteoError as error:
        raise OutcomeUnknown("Criteo took a part of it.", error.summary, "Run again: it is looked up.") from None
    return Amended(valid=first.valid + second.valid, invalid=first.invalid + second.invalid)


def _may_be_too_large(refused: Refused) -> bool:
    return refused.too_much or refused.code in _VAGUE
