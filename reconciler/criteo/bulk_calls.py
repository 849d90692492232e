"""Bulk calls: many items in as few calls as may be, and one result for each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from reconciler.criteo import bulk
from reconciler.criteo.calls import Caller, told_nothing
from reconciler.criteo.endpoints import Effect, Endpoint
from reconciler.criteo.envelope import Body, Envelope
from reconciler.errors import CriteoError, OutcomeUnknown, Refused

T = TypeVar("T")
Item = TypeVar("Item")


def _nothing(_: object) -> list[str]:
    return []


def _nobody(_: object) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, kw_only=True, slots=True)
class BulkCall(Generic[Item, T]):
    """How items become a body, and an answer their results.

    `key` is the id or the name by which an answer names an item; `read` takes the answer and the keys that were asked
    for, and gives what worked by its key. Where an answer may leave out the key of what worked, `unnamed` gives the ids
    of those, and `look_up` asks for them by their ids.
    """

    endpoint: Endpoint
    body: Callable[[Sequence[Item]], Body]
    key: Callable[[Item], str]
    read: Callable[[Envelope, Sequence[str]], Mapping[str, T]]
    unnamed: Callable[[Envelope], Sequence[str]] = _nothing
    look_up: Callable[[Sequence[str]], Mapping[str, T]] = _nobody


@dataclass(frozen=True, kw_only=True, slots=True)
class _Answer(Generic[T]):
    done: Mapping[str, T]
    unnamed: Sequence[str]
    envelope: Envelope


def carry_out(caller: Caller, call: BulkCall[Item, T], items: Sequence[Item]) -> tuple[T | CriteoError, ...]:
    """One result for each item, in order. A call that fails as a whole fails each of its items, and no other call's."""
    return tuple(result for some in chunks(items) for result in _in_parts(caller, call, some))


def chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """As many items as go into one call, in order."""
    return (items[start : start + bulk.SIZE] for start in range(0, len(items), bulk.SIZE))


def _in_parts(caller: Caller, call: BulkCall[Item, T], items: Sequence[Item]) -> Sequence[T | CriteoError]:
    """A call that Criteo refuses for being too large is halved; how many items it takes is not documented."""
    results = _carried_out(caller, call, items)
    if len(items) < 2 or not all(isinstance(result, Refused) and result.too_much for result in results):
        return results
    middle = len(items) // 2
    return [*_in_parts(caller, call, items[:middle]), *_in_parts(caller, call, items[middle:])]


def _carried_out(caller: Caller, call: BulkCall[Item, T], items: Sequence[Item]) -> Sequence[T | CriteoError]:
    keys = [call.key(item) for item in items]

    def read(envelope: Envelope) -> _Answer[T]:
        if not envelope.is_success:
            return _Answer(done={}, unnamed=(), envelope=envelope)
        return _Answer(done=call.read(envelope, keys), unnamed=call.unnamed(envelope), envelope=envelope)

    try:
        answer = caller.call(call.endpoint, call.body(items), read)
    except CriteoError as error:
        return [error] * len(keys)
    results = _settled(call, keys, answer)
    return _as_read(results) if call.endpoint.effect is Effect.READ else results


def _settled(call: BulkCall[Item, T], keys: Sequence[str], answer: _Answer[T]) -> Sequence[T | CriteoError]:
    """The look-up comes after the call, so that nothing that happens to it can make the call be sent again."""
    named: Mapping[str, T] = {}
    with suppress(CriteoError):
        named = call.look_up(answer.unnamed) if answer.unnamed else {}
    return bulk.settle(
        keys,
        {**answer.done, **named},
        answer.envelope.problems,
        answer.envelope.status,
        call.endpoint.right,
        unnamed=len(named) < len(answer.unnamed),
    )


def _as_read(results: Sequence[T | CriteoError]) -> Sequence[T | CriteoError]:
    return [told_nothing(result) if isinstance(result, OutcomeUnknown) else result for result in results]
