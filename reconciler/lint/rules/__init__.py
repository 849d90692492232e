"""Our own rules, by what they are about."""

from __future__ import annotations

from reconciler.lint.rule import Rule
from reconciler.lint.rules import (
    criteos,
    discounts,
    hygiene,
    identifiers,
    itself,
    offers,
    shapes,
    sizes,
    targeting,
    windows,
)

RULES: tuple[Rule, ...] = (
    *itself.RULES,
    *targeting.RULES,
    *shapes.RULES,
    *criteos.RULES,
    *discounts.RULES,
    *identifiers.RULES,
    *windows.RULES,
    *sizes.RULES,
    *offers.RULES,
    *hygiene.RULES,
)
"""All of them, by id."""
