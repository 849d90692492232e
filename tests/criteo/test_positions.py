"""What the client makes of limits, refusals and problems whose shape nobody knows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reconciler.emulator import Switches
from reconciler.errors import CriteoError, NotAuthorised, Refused
from reconciler.model.remote import AudienceDraft, SegmentDraft, Targeting
from tests.criteo.pretend import Pretend, kinds

Make = Callable[..., Pretend]
SIZES = "ComputeAudienceSegmentsSizes"


def new_lists(pretend: Pretend, *names: str) -> list[str]:
    made = pretend.connect().create_segments([SegmentDraft(name=name, description=None) for name in names])
    return [each for each in made if isinstance(each, str)]


def test_a_limit_of_sizes_is_not_taken_for_that_of_all_calls(make_pretend: Make) -> None:
    """After an answer that tells how few sizes are left, other calls go on as before."""
    pretend = make_pretend(switches=Switches(sizes_rate=5), rate_limit=250)
    pretend.begin_a_minute()
    client = pretend.connect()
    (made,) = new_lists(pretend, "a")
    for _ in range(3):
        client.segment_sizes([made])
    for _ in range(60):
        client.segments()
    assert pretend.slept == []


def test_sizes_beyond_a_limit_of_their_own_are_waited_for(make_pretend: Make) -> None:
    """They are asked for again until the minute is over."""
    pretend = make_pretend(switches=Switches(sizes_rate=2), rate_limit=250)
    pretend.begin_a_minute()
    (made,) = new_lists(pretend, "a")
    client = pretend.connect()
    sizes = [client.segment_sizes([made]) for _ in range(3)]
    assert not any(isinstance(size, CriteoError) for each in sizes for size in each)
    statuses = pretend.statuses(SIZES)
    assert (statuses[:2], set(statuses[2:-1]), statuses[-1]) == ([200, 200], {429}, 200)


@pytest.mark.parametrize("body", ["problem", "empty", "page"])
@pytest.mark.parametrize("retry_after", ["off", "on"])
def test_a_429_is_waited_out_whatever_its_body(make_pretend: Make, body: str, retry_after: str) -> None:
    """It goes by the status and the headers; the wait ends with the window."""
    switches = Switches().changed({"too_many_calls": body, "retry_after": retry_after})
    pretend = make_pretend(switches=switches, rate_limit=3)
    pretend.begin_a_minute()
    client = pretend.connect()
    for _ in range(5):
        client.segments()
    assert sum(pretend.slept) <= 75
    assert pretend.statuses("SearchAudienceSegments").count(200) == 5


@pytest.mark.parametrize("told", ["precise", "unknown", "empty"])
def test_a_token_that_is_dead_is_renewed_whatever_a_401_tells(make_pretend: Make, told: str) -> None:
    """Once; when the new one is refused too, the error says what to do."""
    pretend = make_pretend(switches=Switches().changed({"unauthorized": told}))
    client = pretend.connect()
    client.segments()
    pretend.fault("token_dead")
    client.segments()
    assert pretend.statuses("SearchAudienceSegments") == [200, 401, 200]
    pretend.fault("token_dead", count=None)
    with pytest.raises(NotAuthorised, match="doctor"):
        client.segments()


@pytest.mark.parametrize("blame", ["detail", "source", "instance", "nowhere"])
@pytest.mark.parametrize("failed_items", ["errors", "warnings", "bad_request"])
def test_the_items_that_fail_are_found(make_pretend: Make, blame: str, failed_items: str) -> None:
    """New and changed ones, wherever a problem says which one it is about; what worked is known in any case."""
    pretend = make_pretend(switches=Switches().changed({"blame": blame, "failed_items": failed_items}))
    client = pretend.connect()
    first, second = new_lists(pretend, "a", "b")
    drafts = [SegmentDraft(name=name, description=None) for name in ("c", "b", "d")]
    assert kinds(client.create_segments(drafts)) == ["str", "Refused", "str"]
    renamed = [SegmentDraft(id=first, name="b", description=None), SegmentDraft(id=second, name="e", description=None)]
    assert kinds(client.update_segments(renamed)) == ["Refused", "NoneType"]


@pytest.mark.parametrize("codes", ["not-found", "invalid", "unlisted"])
def test_what_is_gone_counts_as_deleted_whatever_the_code(make_pretend: Make, codes: str) -> None:
    """What is still there, because something uses it, does not."""
    pretend = make_pretend(switches=Switches().changed({"item_codes": codes, "delete_in_use": "reject"}))
    client = pretend.connect()
    used, idle = new_lists(pretend, "a", "b")
    include = Targeting(include=frozenset({used}))
    assert kinds(client.create_audiences([AudienceDraft(name="A", description=None, targeting=include)])) == ["str"]
    gone, kept, missing = client.delete_segments([idle, used, "77777"])
    assert (gone, missing) == (None, None)
    assert isinstance(kept, Refused)
