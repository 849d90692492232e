"""The sample's tests notice small mistakes in its definitions; `make mutants` counts all of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.mutants import Score, mutants_of, read_equivalents, score
from reconciler.config.load import load
from reconciler.model.workspace import Workspace
from tests.cli.commandline import ROOT, run

KEYS = ("one-time-buyers", "recent-purchasers", "club-renewals", "unsubscribed")
"""Some of the segments: what is tried on all of them takes ten times as long."""


@pytest.fixture(scope="module")
def sample() -> Workspace:
    return load(ROOT / "audiences")


def scored(workspace: Workspace) -> Score:
    return score(workspace, read_equivalents(), KEYS)


def test_the_sample_passes_its_own_tests() -> None:
    """Every test of the sample passes, and every segment, slice and audience has somebody in one."""
    done = run("-w", ROOT / "audiences", "test")
    assert done.code == 0, done.said
    assert "all passed" in done.stdout
    assert "Warning" not in done.stdout


def test_the_tests_notice_what_can_be_noticed(sample: Workspace) -> None:
    """No mutant of these segments survives, but those that are named as equivalent with a reason."""
    found = scored(sample)
    assert found.survived == ()
    assert len(found.killed) > 30
    assert set(found.equivalent) == {name for name in read_equivalents() if name.startswith("one-time-buyers:")}


def test_fewer_tests_notice_less(sample: Workspace) -> None:
    """The figure is of the tests: without those about a segment its mutants survive."""
    about = "the club is renewed"
    fewer = replace(sample, tests=tuple(test for test in sample.tests if not test.name.startswith(about)))
    assert len(fewer.tests) == len(sample.tests) - 1
    assert {name.partition(":")[0] for name in scored(fewer).survived} == {"club-renewals"}


def test_every_segment_has_mutants_and_every_name_is_one(sample: Workspace) -> None:
    """No condition is left out, no two mutants share a name, and what is called equivalent exists."""
    mutants = list(mutants_of(sample))
    names = [mutant.name for mutant in mutants]
    assert len(set(names)) == len(names) > 300
    assert {mutant.segment for mutant in mutants} == {segment.key for segment in sample.segments}
    assert read_equivalents().keys() <= set(names)
    assert all(read_equivalents().values())
