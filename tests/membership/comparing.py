"""Random comparisons and windows. Every draw is something a workspace may hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from reconciler.model.conditions import Comparison, Operator, Scalar, Test
from reconciler.model.time import EVER, Window
from tests.membership.worlds import number

NUMBERS = ("0", "1", "2", "5", "12.5", "100", "0.1", "0.3")
TEXTS = ("gold", "Gold", "old", "1", "no", "true", "12.5", "\u00e9t\u00e9")
PARTS = ("o", "go", "1", "\u00e9", ".")
ORDER: tuple[Operator, ...] = ("at_least", "at_most", "more_than", "less_than")
EQUAL: tuple[Operator, ...] = ("is", "not")


@dataclass(frozen=True, kw_only=True)
class Comparing:
    """What draws by chance, between windows of these bounds."""

    random: Random
    bounds: Sequence[int]

    def chance(self, share: float) -> bool:
        """True that often."""
        return self.random.random() < share

    def literal(self, *, truths: bool = True) -> Scalar:
        """A value as the YAML gives it."""
        kind = self.random.randrange(3 if truths else 2)
        if kind == 0:
            return number(self.random.choice(NUMBERS))
        return self.random.choice(TEXTS) if kind == 1 else self.chance(0.5)

    def comparison(self) -> Comparison:
        """Any comparison with a value."""
        kind = self.random.randrange(4)
        if kind == 0:
            values = tuple(self.literal() for _ in range(self.random.choice((1, 2))))
            return Comparison(self.random.choice(EQUAL), values)
        if kind == 1:
            return Comparison(self.random.choice(ORDER), (self.literal(truths=False),))
        if kind == 2:
            part: tuple[Operator, ...] = ("contains", "starts_with")
            return Comparison(self.random.choice(part), (self.random.choice(PARTS),))
        return Comparison("exists", (self.chance(0.5),))

    def timely(self) -> Comparison:
        """A comparison with the clock."""
        operator: Operator = self.random.choice(("within", "older_than", "in_next"))
        return Comparison(operator, (Window(self.window().start) if operator == "older_than" else self.window(),))

    def comparisons(self, one: Callable[[], Comparison]) -> tuple[Comparison, ...]:
        """One or two, with different operators."""
        drawn = [one() for _ in range(self.random.choice((1, 1, 2)))]
        return tuple({each.operator: each for each in drawn}.values())

    def numeric(self, values: Sequence[str]) -> tuple[Comparison, ...]:
        """Comparisons of a figure."""
        return self.comparisons(
            lambda: Comparison(self.random.choice(EQUAL + ORDER), (number(self.random.choice(values)),))
        )

    def test(self, columns: Mapping[str, str]) -> Test:
        """Comparisons on one column."""
        column = self.random.choice(sorted(columns))
        timely = self.chance(0.8 if column in ("joined", "due") else 0.05)
        return Test(column, self.comparisons(self.timely if timely else self.comparison))

    def window(self) -> Window:
        """A window between two of the bounds, or open."""
        start, end = sorted(self.random.sample(sorted(set(self.bounds)), 2))
        return self.random.choice([Window(start, end), Window(0, end), Window(start), EVER, EVER])
