"""An audit of identifiers as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from reconciler.model.audit import Audit, ColumnAudit

FORMAT_VERSION = "1.0"
_TYPES = {"email": "e-mail addresses", "phoneNumber": "telephone numbers"}


def render_audit_json(audit: Audit) -> str:
    """The audit as `schemas/audit.schema.json` describes it."""
    document = {
        "format_version": FORMAT_VERSION,
        "workspace": audit.workspace,
        "columns": [_to_json(column) for column in audit.columns],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _to_json(column: ColumnAudit) -> dict[str, Any]:
    return {
        "table": column.table,
        "column": column.column,
        "type": column.type,
        "hashed": column.hashed,
        "rows": column.rows,
        "blank": column.blank,
        "faults": dict(column.faults),
        "valid": column.valid,
        "invalid": dict(column.invalid),
        "distinct": column.distinct,
        "shared": column.shared,
        "lost": round(float(column.lost), 6),
        "shapes": [{"pattern": shape.pattern, "rows": shape.rows} for shape in column.shapes],
        "other_shapes": column.other_shapes,
    }


def render_audit_text(audit: Audit) -> str:
    """A paragraph a column."""
    return "\n\n".join("\n".join(_lines(column)) for column in audit.columns) + "\n"


def _lines(column: ColumnAudit) -> Iterator[str]:
    what = f"digests ({column.hashed}) of " if column.hashed else ""
    yield f"{column.table}.{column.column}: {what}{_TYPES[column.type]}"
    yield from (f"  {label:<12}{said}" for label, said in _told(column))


def _told(column: ColumnAudit) -> Iterator[tuple[str, str]]:
    yield "rows", f"{column.rows:,}, of them {column.blank:,} blank"
    yield "as found", _counts(column.faults)
    yield "sent", f"{column.valid:,}: {column.distinct:,} different, {column.shared:,} of them in several rows"
    yield "left out", _counts(column.invalid)
    yield "lost", f"{percent(column.lost)} of what is not blank"
    shapes = [(shape.pattern, shape.rows) for shape in column.shapes]
    shapes += [("other shapes", column.other_shapes)] if column.other_shapes else []
    width = max((len(pattern) for pattern, _ in shapes), default=0)
    for number, (pattern, rows) in enumerate(shapes):
        yield ("" if number else "looks like"), f"{pattern:<{width}}  {rows:,}"


def _counts(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{what.replace('_', ' ')} {count:,}" for what, count in counted.items()) or "nothing"


def percent(share: Fraction) -> str:
    """A share with as many digits as tell it from nothing."""
    return f"{float(share):.1%}" if not share or share >= Fraction(1, 1000) else "less than 0.1%"
