"""What it costs to read a workspace, counted in calls of functions, which no busy machine changes."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType

import pytest

from benchmarks.workspaces import write_many
from reconciler.config.load import load
from reconciler.desired import resolve

FEW, MANY = 10, 40
SEGMENTS = 3
"""In each file."""
MOST = 2_000
"""Calls of Python functions for one segment, its share of an audience included. There are 1,520 with validators kept
for each part of a schema, and 2,250 without.
"""


def calls(root: Path) -> int:
    """How many calls of Python functions it takes to read and resolve a workspace."""
    count = 0

    def counted(_: FrameType, event: str, __: object) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        resolve(load(root))
    finally:
        sys.setprofile(before)
    return count


@pytest.fixture(scope="module")
def counts(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, int]:
    """The calls for few files and for many, once everything that is kept has been made."""
    roots = [tmp_path_factory.mktemp("files") for _ in (FEW, MANY)]
    for root, files in zip(roots, (FEW, MANY), strict=True):
        write_many(root, files)
    load(roots[0])
    few, many = map(calls, roots)
    return few, many


def test_a_segment_costs_the_same_however_many_there_are(counts: tuple[int, int]) -> None:
    """Four times as many segments take four times as many calls: nothing is looked through again for each of them."""
    few, many = counts
    assert many < few * MANY / FEW * 1.1


def test_a_segment_costs_little(counts: tuple[int, int]) -> None:
    """Three thousand segments are read within two seconds because each takes less than two thousand calls."""
    few, many = counts
    assert (many - few) / (MANY - FEW) / SEGMENTS < MOST
