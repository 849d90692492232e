"""Bulk calls: many items in as few calls as may be, and one result for each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from reconciler.criteo import bulk
from reconciler.criteo.calls import Caller, told_nothing
from reconciler.criteo.endpoints import Effect, Endpoint
from reconciler.criteo.envelope import Body, Envelope
from reconciler.errors import CriteoError, OutcomeUnknown

T = TypeVar("T")
Item = TypeVar("Item")


@dataclass(frozen=True, kw_only=True, slots=True)
class BulkCall(Generic[Item, T]):
    """How items become a body, and an answer their results.

    `key` is the id or the name by which an answer names an item; `read` takes the answer and the keys that were asked
    for, and gives what worked by its key.
    """

    endpoint: Endpoint
    body: Callable[[Sequence[Item]], Body]
    key: Callable[[Item], str]
    read: Callable[[Envelope, Sequence[str]], Mapping[str, T]]


def carry_out(caller: Caller, call: BulkCall[Item, T], items: Sequence[Item]) -> tuple[T | CriteoError, ...]:
    """One result for each item, in order. A call that fails as a whole fails each of its items, and no other call's."""
    return tuple(result for some in chunks(items) for result in _carried_out(caller, call, some))


def chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """As many items as go into one call, in order."""
    return (items[start : start + bulk.SIZE] for start in range(0, len(items), bulk.SIZE))


def _carried_out(caller: Caller, call: BulkCall[Item, T], items: Sequence[Item]) -> Sequence[T | CriteoError]:
    keys = [call.key(item) for item in items]

    def read_results(envelope: Envelope) -> Sequence[T | CriteoError]:
        done = call.read(envelope, keys) if envelope.is_success else {}
        results = bulk.settle(keys, done, envelope.problems, envelope.status, call.endpoint.right)
        return _as_read(results) if call.endpoint.effect is Effect.READ else results

    try:
        return caller.call(call.endpoint, call.body(items), read_results)
    except CriteoError as error:
        return [error] * len(keys)


def _as_read(results: Sequence[T | CriteoError]) -> Sequence[T | CriteoError]:
    return [told_nothing(result) if isinstance(result, OutcomeUnknown) else result for result in results]
