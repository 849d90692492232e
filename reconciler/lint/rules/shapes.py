"""A rule about formulas of audiences: what Criteo's own audience builders block."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.lint.rule import Hit, Rule
from reconciler.lint.subject import Subject
from reconciler.model.algebra import any_but, blocked_shapes
from reconciler.model.lint import Severity


def _blocked_by_the_builder(subject: Subject) -> Iterator[Hit]:
    for audience in subject.audiences:
        config = audience.config
        formula = config.algebra or any_but(config.include, config.exclude)
        for shape in sorted(blocked_shapes(formula)) if "algebra" in config.places else ():
            yield Hit(
                address=audience.address,
                place=audience.place("algebra"),
                message=f"its algebra {shape}, which Criteo's audience builder blocks",
                hint="Criteo's API may take it all the same; where it does not, cut the formula into segments of your "
                "own, or exclude one segment that stands for several.",
            )


RULES = (
    Rule(
        id="RL108",
        name="blocked-shape",
        severity=Severity.WARNING,
        what="The algebra of an audience has a shape that Criteo's own audience builder blocks.",
        why="""\
In Criteo's audience builders a formula has three levels at most. They block exclusions with nothing included, an
excluded segment inside `or`, and two excluded segments that are joined by `and`. Whether the API takes such a formula
is not documented, and nobody can edit it in the builder then.

It looks at audiences that are written with `algebra`, and leaves what `always_exclude` adds aside.""",
        instead="""\
Say it with segments: `who` may join conditions as it likes, and what is excluded may be one segment that stands for
several. Or keep it, with the reason, where Criteo has taken it.""",
        check=_blocked_by_the_builder,
        sources=("Criteo's help pages of the audience builders",),
        wrong="""\
audiences:
  recovery:
    algebra: { or: [cart-abandoners, { not: recent-purchasers }] }""",
        right="""\
audiences:
  recovery:
    algebra: { and: [cart-abandoners, { not: recent-purchasers }] }""",
    ),
)
