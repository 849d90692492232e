"""Which steps come next: a pure question."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from reconciler.apply.order import PHASES, hopeless, next_round
from reconciler.apply.outcome import Result, Status
from reconciler.model.address import Address
from reconciler.plan.changes import Operation, Phase, Step
from tests.apply.plans import BUYERS, HOT, WARM, add, create, remove


def ended(steps: Iterable[Step], status: Status = Status.DONE) -> dict[str, Result]:
    """These steps with this end."""
    return {each.id: Result(step=each, status=status) for each in steps}


def test_steps_of_the_earliest_phase_go_together_in_the_plans_order() -> None:
    """Of all that is ready the first phase is taken, and only that."""
    steps = (add(HOT), remove(WARM), remove(BUYERS))
    assert next_round(steps, {}) == (steps[1], steps[2])
    assert next_round(steps, ended(steps[1:])) == (steps[0],)


def test_a_need_of_a_later_phase_is_waited_for() -> None:
    """Phases never lock each other out: edges decide, phases only choose among what is ready."""
    steps = (remove(HOT, f"add {WARM}"), add(WARM))
    assert next_round(steps, {}) == (steps[1],)
    assert next_round(steps, ended(steps[1:])) == (steps[0],)


def test_what_waits_for_a_failure_is_named_down_the_chain() -> None:
    """Each skipped step says which step it waited for and what became of that."""
    steps = (create(HOT), add(HOT, f"create {HOT}"), remove(WARM, f"add {HOT}"), remove(BUYERS))
    found = {each.step.id: each.reason for each in hopeless(steps, ended(steps[:1], Status.FAILED))}
    assert found == {
        f"add {HOT}": f"it needs {HOT} (create segment), which failed",
        f"remove {WARM}": f"it needs {HOT} (add members), which was skipped",
    }


def test_what_needs_a_step_that_is_not_in_the_plan_is_skipped() -> None:
    """A need that the plan does not hold can't be met."""
    (result,) = hopeless((add(HOT, "create nothing"),), {})
    assert (result.status, result.reason) == (Status.SKIPPED, "it needs create nothing, which is blocked")


PLANS = st.lists(
    st.tuples(st.sampled_from(Phase), st.sets(st.integers(0, 19), max_size=3), st.sampled_from(Status)), max_size=20
)


@given(PLANS)
def test_every_step_is_taken_or_named_and_never_before_its_needs(drawn: list[tuple[Phase, set[int], Status]]) -> None:
    """Whatever the edges and failures: needs come first, a failure reaches all that hangs on it, and the walk ends."""
    steps = tuple(
        Step(
            id=str(number),
            operation=Operation.ADD,
            phase=phase,
            address=Address(f"segment.s{number}"),
            needs=frozenset(str(need) for need in needs if need < number),
        )
        for number, (phase, needs, _) in enumerate(drawn)
    )
    fates = {str(number): status for number, (_, _, status) in enumerate(drawn)}
    done: dict[str, Result] = {}
    while ready := next_round(steps, done):
        assert len({each.phase for each in ready}) == 1
        assert all(done[need].status is Status.DONE for each in ready for need in each.needs)
        waiting = [each for each in steps if each.id not in done and each not in ready]
        free = [each for each in waiting if all(n in done and done[n].status is Status.DONE for n in each.needs)]
        assert all(PHASES.index(ready[0].phase) < PHASES.index(each.phase) for each in free)
        for each in ready:
            done |= ended([each], fates[each.id])
    skipped = {each.step.id for each in hopeless(steps, done)}
    assert skipped | done.keys() == {each.id for each in steps}
    assert not skipped & done.keys()
