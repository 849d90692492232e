"""Applies of random plans while Criteo misbehaves end in what was asked for."""

from __future__ import annotations

import os

import pytest

from tests.storm.faults import AT_LEAST
from tests.storm.rules import AMEND, broken_rules
from tests.storm.run import ENVIRONMENT, sail
from tests.storm.storm import Weathered


@pytest.fixture(autouse=True)
def restored(monkeypatch: pytest.MonkeyPatch) -> None:
    """A storm sets the environment of a process of its own; here it is shared."""
    for name in (*ENVIRONMENT, "CRITEO_API_URL"):
        monkeypatch.setenv(name, os.environ.get(name, ""))
    monkeypatch.delenv("CI", raising=False)


@pytest.mark.parametrize("seed", [1, 2])
def test_every_plan_is_carried_out_in_the_end(seed: int) -> None:
    """Eight random plans in a row, at least five faults in every run: after at most five runs each is as asked for."""
    weathered: list[Weathered] = sail(seed, plans=8)
    assert [each.wrong for each in weathered if each.wrong] == []
    assert len(weathered) == 8
    assert min(run.faults.total() for each in weathered for run in each.runs) >= AT_LEAST


def request(operation: str, order: int, **fields: object) -> dict[str, object]:
    """One line of the log of requests; an answer comes at once unless it is said otherwise."""
    usual = {"path": "/x", "status": 200, "fault": None, "contact_list_operation": None, "identifiers": 0}
    usual |= {"segment_ids": [], "audience_ids": []}
    return {"operation": operation, "arrived_order": order, "answered_order": order + 1, **usual, **fields}


@pytest.mark.parametrize(
    ("requests", "broken"),
    [
        (
            [request("CreateAudiences", 1, status=None, fault="close_after"), request("CreateAudiences", 3)],
            ["CreateAudiences was repeated blindly"],
        ),
        (
            [
                request("CreateAudiences", 1, status=None, fault="close_after"),
                request("SearchAudiences", 3),
                request("CreateAudiences", 5),
            ],
            [],
        ),
        ([request("CreateAudiences", 1, status=429, fault="429"), request("CreateAudiences", 3)], []),
        (
            [
                request(AMEND, 1, contact_list_operation="add", answered_order=4),
                request(AMEND, 2, contact_list_operation="remove"),
            ],
            ["two calls of opposite direction were under way on one list"],
        ),
        (
            [request("UpdateAudiences", 1, status=400), request("UpdateAudiences", 3)],
            ["UpdateAudiences was repeated though it was refused"],
        ),
    ],
)
def test_a_rule_that_is_broken_is_seen(requests: list[dict[str, object]], broken: list[str]) -> None:
    """The rules are no mere words: each is broken once here."""
    assert [*broken_rules(requests)] == broken
