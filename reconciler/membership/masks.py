"""Windows as bits: every event falls into a slot of age, and one look into a constant list tells its windows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sqlglot import exp

from reconciler.membership.ages import Ages
from reconciler.membership.layout import WORD
from reconciler.membership.packing import Move, packed
from reconciler.membership.sql import Sql, bits, call, has, integer, name, text, when
from reconciler.membership.streams import Stream
from reconciler.model.time import Window

Asked = tuple[Stream, Window]


class Masks:
    """Whether there is at least one event of a stream in a window, each one bit of the words `m0, m1, …`.

    The first `words` of them are kept for bits whose place is given. What is used of them is made as fewer words,
    packed, and unpacked when it is read.
    """

    def __init__(self, words: int) -> None:
        self._next = words * WORD
        self._places: dict[Asked, list[int]] = {}
        self._own: dict[Asked, int] = {}

    def put(self, stream: Stream, window: Window, position: int) -> None:
        """Put it into a given bit."""
        self._places.setdefault((stream, window), []).append(position)

    def bit(self, stream: Stream, window: Window) -> Sql:
        """Put it into the next free bit, and look at that."""
        if (stream, window) not in self._own:
            self._own[stream, window] = self._next
            self.put(stream, window, self._next)
            self._next += 1
        word, bit = divmod(self._own[stream, window], WORD)
        return has(name(f"m{word}"), 1 << bit)

    @property
    def words(self) -> int:
        """The number of packed words."""
        return 1 + max((move.word for moves in self._packing().values() for move in moves), default=-1)

    def unpacked(self, column: Callable[[int], Sql]) -> Iterator[tuple[str, Sql]]:
        """The words `m…` that have a bit, of the columns that hold the packed ones."""
        for word, moves in self._packing().items():
            yield f"m{word}", bits(*(move.unpacked(column(move.word)) for move in moves))

    def _packing(self) -> dict[int, list[Move]]:
        return packed(place for places in self._places.values() for place in places)

    def _packed_places(self) -> dict[Asked, list[int]]:
        packing = self._packing()
        return {asked: [_place(packing[at // WORD], at) for at in places] for asked, places in self._places.items()}

    @property
    def windows(self) -> list[Window]:
        """Every window asked for."""
        return [window for _, window in self._places]

    @property
    def streams(self) -> list[Stream]:
        """Every stream asked for."""
        return list(dict.fromkeys(stream for stream, _ in self._places))

    def word(self, ages: Ages, word: int, holds: Callable[[Stream], Sql]) -> Sql:
        """One packed word of the event at hand."""
        return word_of(self._packed_places(), ages, word, holds)


def word_of(places: Mapping[Asked, list[int]], ages: Ages, word: int, holds: Callable[[Stream], Sql]) -> Sql:
    """The bits of the event at hand in a word: of plain kinds by one lookup, of each narrowed stream by its own."""
    plain = {asked: own for asked, own in places.items() if not asked[0].where}
    parts = [_lookup_by_kind(ages, plain, word)] if any(_in_word(own, word) for own in plain.values()) else []
    for stream in dict.fromkeys(stream for stream, _ in places if stream.where):
        values = _masks(ages, {asked: own for asked, own in places.items() if asked[0] == stream}, word)
        parts += [when(holds(stream), _looked_up([values], name("slot"), ages), integer(0))] if any(values) else []
    return bits(*parts)


def _place(moves: list[Move], position: int) -> int:
    return next(move.place(position) for move in moves if move.used >> position % WORD & 1)


def _in_word(places: list[int], word: int) -> bool:
    return any(place // WORD == word for place in places)


def _lookup_by_kind(ages: Ages, plain: Mapping[Asked, list[int]], word: int) -> Sql:
    kinds = sorted({kind for stream, _ in plain for kind in stream.kinds})
    lists = [_masks(ages, _of_kind(plain, kind), word) for kind in kinds]
    size = len(ages.starts)
    offsets = [exp.If(this=text(kind), true=integer(number * size)) for number, kind in enumerate(kinds)]
    found = _looked_up(lists, name("slot"), ages, exp.Case(this=name("kind"), ifs=offsets))
    return exp.func("COALESCE", found, integer(0))


def _of_kind(asked: Mapping[Asked, list[int]], kind: str) -> dict[Asked, list[int]]:
    return {each: places for each, places in asked.items() if kind in each[0].kinds}


def _masks(ages: Ages, asked: Mapping[Asked, list[int]], word: int) -> list[int]:
    """The mask of each slot: every window that contains it, so that no step from slot to window is left."""
    masks = [0] * len(ages.starts)
    for (_, window), places in asked.items():
        mask = sum(1 << place % WORD for place in places if place // WORD == word)
        for slot in ages.slots_of(window) if mask else ():
            masks[slot] |= mask
    return masks


def _looked_up(lists: list[list[int]], slot: Sql, ages: Ages, offset: Sql | None = None) -> Sql:
    constant = exp.cast(exp.Array(expressions=[integer(mask) for masks in lists for mask in masks]), "BIGINT[]")
    clamped = exp.func("LEAST", slot, integer(len(ages.starts) - 1))
    place = clamped + 1 if offset is None else clamped + 1 + offset
    return call("list_extract", constant, place)
