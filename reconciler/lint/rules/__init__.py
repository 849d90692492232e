"""Our own rules, by what they are about."""

from __future__ import annotations

from reconciler.lint.rule import Rule
from reconciler.lint.rules import hygiene, itself

RULES: tuple[Rule, ...] = (*itself.RULES, *hygiene.RULES)
"""All of them, by id."""
