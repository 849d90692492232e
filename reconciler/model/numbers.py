"""Decimal arithmetic that keeps every digit of a literal."""

from __future__ import annotations

from decimal import Context

EXACT = Context(prec=60)
"""A literal has up to 38 digits, more than Python's usual context keeps."""
