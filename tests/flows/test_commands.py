"""Exit codes and the schedule's command: what a script may rely on."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.flows.conftest import Opener
from tests.flows.shop import AMEND, NOW, Shop, names

DEFINITIONS = """\
segments:
  buyers: { name: Buyers, who: { event: purchase, within: 7d } }
  viewers: { name: Viewers, who: { event: page_viewed, within: 7d } }
audiences:
  lookers: { name: Lookers, include: [viewers], exclude: [buyers], ad_sets: ["700123"] }
"""
LATER = NOW + timedelta(hours=1)


def stock(shop: Shop) -> Shop:
    shop.definitions = DEFINITIONS
    shop.people(names("buyer", 10), "purchase", "2h")
    shop.people(names("viewer", 10), "page_viewed", "2h")
    return shop


@pytest.fixture
def applied(shop: Shop) -> Shop:
    """Two lists and an audience, applied."""
    stock(shop).apply()
    return shop


def test_sync_runs_what_is_applied_while_a_change_waits(applied: Shop) -> None:
    """A merge that is not applied yet is noted by address and stops nothing: the old definition moves its members."""
    applied.people(["latest"], "purchase", "-30m")
    applied.definitions = DEFINITIONS.replace("purchase, within: 7d", "purchase, within: 1h").replace(
        "segments:\n", "segments:\n  everyone: { who: { everyone: true } }\n"
    )
    asked = applied.asked()
    done = applied.sync(at=LATER)
    assert "segment.buyers differs from the workspace" in done.out
    assert "segment.everyone differs from the workspace" in done.out
    assert applied.members("Buyers") == {*names("buyer", 10), "latest"}
    assert {each["operation"] for each in applied.writes(asked)} == {AMEND}
    assert set(applied.lists()) == {"Buyers", "Viewers"}


def test_sync_goes_on_without_the_yaml_of_a_segment(applied: Shop) -> None:
    """A segment whose YAML is gone is still kept, until an apply is told what becomes of it."""
    applied.definitions = DEFINITIONS.partition("  viewers")[0]
    applied.people(["latest"], "page_viewed", "-30m")
    done = applied.sync(at=LATER)
    assert "segment.viewers differs from the workspace" in done.out
    assert "latest" in applied.members("Viewers")


def test_sync_before_the_first_apply_has_nothing_to_run(shop: Shop) -> None:
    """Exit 4, and nothing is written."""
    done = stock(shop).run("sync")
    assert done.code == 4
    assert "apply" in done.err
    assert [] == shop.writes()


def test_detailed_exit_codes(applied: Shop) -> None:
    """2 for structure with --detailed-exitcode, for members only with --include-members, never without."""
    detailed = ["plan", "--detailed-exitcode"]
    applied.people(["latest"], "purchase", "1h")
    codes = [applied.run(*flags).code for flags in (["plan"], detailed, [*detailed, "--include-members"])]
    assert codes == [0, 0, 2]
    applied.definitions = DEFINITIONS.replace("name: Lookers", "name: All lookers")
    assert [applied.run(*flags).code for flags in (["plan"], detailed)] == [0, 2]


def test_wrong_credentials_end_in_7(open_shop: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    """Criteo refuses the secret, or none is given: exit 7, and the secret is in no message."""
    shop = stock(open_shop(client_id="app", client_secret="right"))
    monkeypatch.setenv("CRITEO_CLIENT_SECRET", "wr0ng-secret")
    for command in (["plan"], ["apply", "--auto-approve"]):
        done = shop.run(*command)
        assert (done.code, done.out) == (7, "")
        assert "wr0ng-secret" not in done.err
    monkeypatch.delenv("CRITEO_CLIENT_SECRET")
    done = shop.run("plan")
    assert done.code == 7
    assert "CRITEO_CLIENT_SECRET" in done.err
    monkeypatch.setenv("CRITEO_CLIENT_SECRET", "right")
    shop.apply()


def test_a_lost_right_in_the_middle_ends_in_7(shop: Shop) -> None:
    """A 403 on the members is told as such, with 7 rather than 6; a later apply completes."""
    stock(shop)
    shop.criteo.fault("403", operation=AMEND, count=None)
    assert shop.run("apply", "--auto-approve").code == 7
    shop.criteo.http.delete("/emulator/faults")
    shop.apply()
    assert shop.members("Buyers") == set(names("buyer", 10))


@pytest.mark.parametrize(
    "arguments",
    [
        ["plan", "--nonsense"],
        ["plan", "--include-members"],
        ["plan", "--format", "yaml"],
        ["apply", "surplus"],
        ["sync", "--lock-timeout", "soon"],
        ["apply"],
    ],
    ids=" ".join,
)
def test_usage_ends_in_64(shop: Shop, arguments: list[str]) -> None:
    """What the command line can't mean ends in 64, and so does an apply that could neither ask nor may go ahead."""
    done = stock(shop).run(*arguments)
    assert (done.code, done.out) == (64, "")
    assert done.err
    assert [] == shop.requests()


def test_real_processes_end_with_the_same_codes(shop: Shop) -> None:
    """The flow from a shell: plan 2, apply without a terminal 64, apply 0, plan 0, results on stdout alone."""
    stock(shop)
    detailed = ["plan", "--detailed-exitcode", "--include-members"]
    first, refused, done, last = (
        shop.spawn(*command) for command in (detailed, ["apply"], ["apply", "--auto-approve"], detailed)
    )
    assert [first.code, refused.code, done.code, last.code] == [2, 64, 0, 0]
    assert first.out.endswith("Plan: 3 to add, 0 to change, 0 to destroy, 0 blocked.\nMembers: +20 -0 in 2 segments.\n")
    assert (first.err, refused.out) == ("", "")
    assert "--auto-approve" in refused.err
    assert "No changes." in last.out


def test_an_apply_tells_its_steps_to_programs(shop: Shop) -> None:
    """With --log-format json each step ends in one JSON object on stderr."""
    done = stock(shop).run("apply", "--auto-approve", "--log-format", "json")
    steps = [json.loads(line) for line in done.err.splitlines()]
    assert {each["status"] for each in steps} == {"done"}
    assert ("add segment.buyers", 10) in [(each["step"], each["sent"]) for each in steps]
