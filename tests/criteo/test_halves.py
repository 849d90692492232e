"""A batch of identifiers that Criteo finds too large."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reconciler.criteo.halves import SMALLEST
from reconciler.emulator import Switches
from reconciler.errors import OutcomeUnknown, Refused
from reconciler.model.identifiers import Identifiers
from reconciler.model.remote import SegmentDraft
from tests.contract.layer import on_purpose
from tests.criteo.pretend import Pretend, people

Make = Callable[..., Pretend]
AMEND = "UpdateContactListByAudienceSegment"
LIMITS = [
    {"most_identifiers": 1_000, "too_many_identifiers": 400},
    {"most_identifiers": 1_000, "too_many_identifiers": 413},
    {"largest_body": 80_000},
]


def new_list(pretend: Pretend) -> str:
    (made,) = pretend.connect().create_segments([SegmentDraft(name="VIP", description=None)])
    assert isinstance(made, str)
    return made


@pytest.mark.parametrize("limits", LIMITS, ids=str)
def test_it_goes_in_parts(make_pretend: Make, limits: dict[str, int]) -> None:
    """A refusal for its size is followed by halves; all is taken, and the counts are those of the whole."""
    pretend = make_pretend(switches=Switches().changed(limits))
    made = new_list(pretend)
    amended = pretend.connect().amend_list(made, "add", people(*range(3_000)))
    assert (amended.valid, amended.invalid, len(pretend.members(made))) == (3_000, 0, 3_000)
    assert [status for status in pretend.statuses(AMEND) if status == 200] == [200] * 4


def test_what_is_refused_for_itself_is_not_sent_over_and_over(make_pretend: Make) -> None:
    """Halves end at a size that is too small to be the reason, and with the first of them that is refused."""
    pretend = make_pretend(switches=Switches(all_invalid=400))
    made = new_list(pretend)
    with on_purpose(), pytest.raises(Refused):
        pretend.connect().amend_list(made, "add", Identifiers((b"nonsense",) * 8 * SMALLEST))
    assert pretend.statuses(AMEND) == [400] * 4


def test_a_refusal_that_says_why_is_left_alone(make_pretend: Make) -> None:
    """A list that is not there is no question of size."""
    pretend = make_pretend(switches=Switches())
    with pytest.raises(Refused, match="no such contact list"):
        pretend.connect().amend_list("999", "add", people(*range(4 * SMALLEST)))
    assert pretend.statuses(AMEND) == [404]


@pytest.mark.parametrize(("second", "members"), [("403", 1_000), ("close_after", 2_000)])
def test_a_part_that_was_taken_leaves_the_whole_unknown(make_pretend: Make, second: str, members: int) -> None:
    """Whatever becomes of the other part, nobody may take the batch for one that had no effect."""
    pretend = make_pretend(switches=Switches(most_identifiers=1_000))
    made = new_list(pretend)
    pretend.fault(second, operation=AMEND, nth=3, count=None)
    with pytest.raises(OutcomeUnknown):
        pretend.connect().amend_list(made, "add", people(*range(2_000)))
    assert len(pretend.members(made)) == members
