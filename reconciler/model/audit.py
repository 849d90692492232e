"""What an audit finds in columns of identifiers: counts and masked shapes, never a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from reconciler.model.identifiers import Form, IdentifierType


@dataclass(frozen=True, slots=True)
class Shape:
    """What invalid values look like: runs of letters as `a+`, of digits as `9+`, of what is beyond ASCII as `?+`."""

    pattern: str
    rows: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnAudit:
    """One column, of a list each element. `faults` are found in values as they stand, a value may have several;
    `invalid` counts by reason what is left out after normalisation.

    `shared` of the `distinct` identifiers stand in several rows. `shapes` are the most frequent ones of invalid values;
    rarer ones, and those that are too long to show, are in `other_shapes`.
    """

    table: str
    column: str
    type: IdentifierType
    hashed: Form | None
    rows: int
    blank: int
    faults: Mapping[str, int]
    invalid: Mapping[str, int]
    valid: int
    distinct: int
    shared: int
    shapes: tuple[Shape, ...]
    other_shapes: int

    @property
    def lost(self) -> Fraction:
        """The share of what is not blank that can't be sent."""
        filled = self.rows - self.blank
        return Fraction(filled - self.valid, filled) if filled else Fraction(0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Audit:
    """All columns of identifiers of a workspace, those of customers first."""

    workspace: str
    columns: tuple[ColumnAudit, ...]
