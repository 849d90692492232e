"""The one place that changes the world: its log while it is in use."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.emulator import store
from reconciler.emulator.persist import FILE_NAME
from tests.emulator.caller import Caller, digest
from tests.emulator.conftest import Make

CROWD = [digest(number) for number in range(1000, 2000)]


def _churn(caller: Caller, times: int = 30) -> None:
    """Add and remove the same thousand people, which leaves nothing but waste in the log."""
    for operation in ("add", "remove") * times:
        assert 200 == caller.amend("500", operation, CROWD).status_code


def test_a_log_far_longer_than_its_world_is_written_anew_while_in_use(
    tmp_path: Path, make_caller: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The world goes on from it, over a restart too; what waits for its time still happens then."""
    monkeypatch.setattr(store, "SPARE_BYTES", 200_000)
    caller = make_caller(tmp_path, rate_limit=0)
    caller.new_list("one")
    caller.new_list("two")
    caller.amend("501", "add", [digest(1), digest(2)])
    caller.fault("effect_later", seconds=60)
    caller.amend("501", "remove", [digest(2)])
    sizes = []
    for _ in range(30):
        _churn(caller, 2)
        sizes.append((tmp_path / FILE_NAME).stat().st_size)
    assert max(sizes) < 500_000
    caller.amend("500", "add", [digest(3)])
    assert sorted([digest(1), digest(2)]) == caller.members("501")
    caller.advance(61)
    before = [caller.members("500"), caller.members("501")]
    assert [[digest(3)], [digest(1)]] == before
    caller.close()
    again = make_caller(tmp_path)
    assert before == [again.members("500"), again.members("501")]
    assert "502" == again.new_list("three")


def test_a_log_that_cannot_be_written_anew_is_not_tried_at_every_call(
    tmp_path: Path, make_caller: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It grows on, and nothing is lost."""
    monkeypatch.setattr(store, "SPARE_BYTES", 100_000)
    caller = make_caller(tmp_path, rate_limit=0)
    caller.new_list("one")
    (tmp_path / FILE_NAME).with_suffix(".new").mkdir()
    _churn(caller, 5)
    caller.amend("500", "add", [digest(1)])
    assert [digest(1)] == caller.members("500")
    assert (tmp_path / FILE_NAME).stat().st_size > 300_000


@pytest.mark.parametrize("waste", [False, True])
def test_a_late_change_of_what_was_deleted_comes_to_nothing_in_a_shortened_log(
    tmp_path: Path, make_caller: Make, waste: bool
) -> None:
    """A segment that was deleted while a change of it was under way does not come back by a restart."""
    caller = make_caller(tmp_path, rate_limit=0)
    caller.new_list("one")
    segment = caller.new_list("two")
    caller.fault("effect_later", seconds=3600)
    caller.bulk("PATCH", "/audience-segments", {"id": segment, "attributes": {"name": "renamed"}})
    caller.bulk("POST", "/audience-segments/delete", {"id": segment})
    _churn(caller, 20 * waste)
    caller.close()
    again = make_caller(tmp_path)
    again.advance(3601)
    again.authorize()
    assert ["500"] == again.ids(again.search("/audience-segments"))
