"""The shop of its own for every test that the tests of overlap have too."""

from __future__ import annotations

from tests.overlap.conftest import shop

__all__ = ["shop"]
