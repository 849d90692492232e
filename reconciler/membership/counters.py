"""Counters: several numbers of events in one column, as long as nobody has too many."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlglot import exp

from reconciler.membership.ages import Ages
from reconciler.membership.layout import WORD
from reconciler.membership.masks import Asked, word_of
from reconciler.membership.sql import Sql, common, integer, name
from reconciler.membership.streams import Stream

WIDTH = 12
GREATEST = (1 << WIDTH) - 1
"""The most events of a person for which packed counters are right."""
FIELDS = WORD // WIDTH
FEW = 4
"""So many counters begin to be worth packing: a packed column takes as much room as three plain ones."""


class Counters:
    """The counters `c0, c1, …`, each the number of events of a stream in a window; packed, they are fields of the sums
    `d0, d1, …`, to which every event adds a constant for its age.
    """

    def __init__(self) -> None:
        self.asked: dict[Asked, str] = {}

    def count(self, asked: Asked) -> exp.Column:
        """The counter's column."""
        return name(self.asked.setdefault(asked, f"c{len(self.asked)}"))

    @property
    def pays(self) -> bool:
        """Whether packing makes rows smaller."""
        return len(self.asked) >= FEW

    @property
    def columns(self) -> list[str]:
        """The packed columns."""
        return [f"d{number}" for number in range(-(-len(self.asked) // FIELDS))]

    def sums(self, ages: Ages, holds: Callable[[Stream], Sql]) -> Iterator[tuple[str, Sql]]:
        """The packed columns over the events of a person. One that is too large is NULL: then she has too many."""
        places = {asked: [_place(number)] for number, asked in enumerate(self.asked)}
        for number, column in enumerate(self.columns):
            total = exp.func("SUM", word_of(places, ages, number, holds))
            yield column, exp.TryCast(this=total, to=exp.DataType.build("BIGINT"))

    def unpacked(self, column: Callable[[str], Sql]) -> Iterator[tuple[str, Sql]]:
        """Each counter of the packed columns."""
        for number, label in enumerate(self.asked.values()):
            word, bit = divmod(_place(number), WORD)
            field = exp.paren(exp.IntDiv(this=column(f"d{word}"), expression=integer(1 << bit)))
            yield label, common(field, integer(GREATEST))


def _place(number: int) -> int:
    word, field = divmod(number, FIELDS)
    return word * WORD + field * WIDTH
