"""What Spark says otherwise."""

from __future__ import annotations

from reconciler.membership.dialects.rules import Dialect

SPARK = Dialect()
