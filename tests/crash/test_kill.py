"""Twenty processes killed for good, from the first moment of an apply to its last."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.aims import SURE
from tests.crash.kill import IN_DOUBT, SMALL, Beginnings, Ending, Story, play, verdict

FIRST_APPLY = (
    ("at_start", "lists_arriving"),
    ("intent",),
    ("first_batch", "any_batch"),
    ("between_batches",),
    ("audiences_arriving", "intent"),
    ("links_arriving",),
    ("last_answer", "any_batch"),
)
LATER_APPLY = (
    ("planning", "lists_changing"),
    ("intent", "first_batch"),
    ("any_batch",),
    ("ledger", "between_batches"),
    ("snapshot_replaced", "any_batch"),
)
STORIES = [
    Story(aims=aims, begun=begun, seed=number, customers=SMALL)
    for begun, told in ((False, FIRST_APPLY), (True, LATER_APPLY))
    for number, aims in enumerate(told)
]
ATTEMPTS = 5


def killed(story: Story, beginnings: Beginnings, folder: Path) -> Ending:
    """Play a story again when its process had ended by itself before the signal came."""
    for attempt in range(ATTEMPTS):
        ending = play(story, beginnings[story.begun], folder / str(attempt))
        if all(kill.was_alive for kill in ending.kills):
            return ending
    pytest.fail("the process ends before it can be killed")


def test_most_of_the_twenty_leave_something_in_doubt() -> None:
    """At least twelve of twenty kills are aimed at moments that are surely between journal and snapshot."""
    aims = [aim for story in STORIES for aim in story.aims]

    assert len(aims) == 20
    assert len([aim for aim in aims if aim in SURE]) >= 12


@pytest.mark.parametrize("story", STORIES, ids=lambda story: "-".join(story.aims))
def test_a_killed_apply_is_made_good_by_the_next(story: Story, beginnings: Beginnings, tmp_path: Path) -> None:
    """At the moment of death nobody is on a list without standing in ledger or journal, and one apply later every list
    is right, though data and clock have moved on; who takes over the lock of the dead says so.
    """
    ending = killed(story, beginnings, tmp_path)
    phases = [kill.phase for kill in ending.kills]
    among_batches = [kill for kill in ending.kills if kill.phase == "between two answers" and not story.begun]

    assert verdict(ending) == [], phases
    assert [phase for aim, phase in zip(story.aims, phases, strict=True) if aim in SURE and phase not in IN_DOUBT] == []
    assert all(kill.beyond_ledger and kill.dropped for kill in among_batches), "the journal was not put to the test"
