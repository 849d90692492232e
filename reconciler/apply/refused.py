"""Criteo's refusal of an audience whose algebra its own audience builder would block: what to do about it."""

from __future__ import annotations

from reconciler.errors import CriteoError, Refused
from reconciler.model.algebra import SEVERAL_EXCLUSIONS, Formula, any_but, blocked_shapes
from reconciler.plan.changes import Step

_ABOUT_ELSE = frozenset({"name-must-be-unique", "name-must-not-be-empty", "audience-not-found", "segment-not-found"})
"""Codes of refusals that have nothing to do with the shape of an algebra (Criteo's guide to bulk operations)."""
_ONE_LIST = (
    "Set `criteo: { exclusions: one_list }` in reconciler.yaml: it keeps one list of all whom the audience excludes."
)
_SHAPE = (
    "Criteo's audience builder blocks it too; write the audience in another way, with segments in the place of parts."
)


def explained(step: Step, error: CriteoError) -> CriteoError:
    """The error with the way out where the shape of the algebra may be the reason; Criteo documents no code for it."""
    formula = _formula(step)
    shapes = blocked_shapes(formula) if formula else frozenset[str]()
    if not shapes or not isinstance(error, Refused) or error.code in _ABOUT_ELSE:
        return error
    hint = _ONE_LIST if shapes == {SEVERAL_EXCLUSIONS} else f"{_SHAPE} {_ONE_LIST}" if _several(shapes) else _SHAPE
    detail = f"{error.detail} The algebra {' and '.join(sorted(shapes))}.".strip()
    return Refused(error.summary, detail, hint, code=error.code)


def _several(shapes: frozenset[str]) -> bool:
    return SEVERAL_EXCLUSIONS in shapes


def _formula(step: Step) -> Formula | None:
    if not step.include:
        return None
    return step.algebra or any_but(step.include, step.exclude or ())
