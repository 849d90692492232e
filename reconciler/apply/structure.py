"""Steps on segments, audiences and ad sets: those of one kind that are ready together go out in one bulk call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from reconciler.apply.outcome import Result, Status
from reconciler.apply.refused import explained
from reconciler.apply.work import Work, failed
from reconciler.errors import CriteoError, OutcomeUnknown
from reconciler.model.address import Address, criteo_address
from reconciler.model.algebra import canonical, renamed
from reconciler.model.kinds import Kind
from reconciler.model.mark import Mark, split_mark
from reconciler.model.remote import AudienceDraft, RemoteAudience, RemoteSegment, SegmentDraft, Targeting
from reconciler.plan.changes import Operation, Step

Steps = Sequence[Step]
_Answer = TypeVar("_Answer")


def create_segments(steps: Steps, work: Work) -> Iterator[Result]:
    """Create segments; one whose answer was lost is looked for once, never created again."""
    whole, missing = _with_seeds(steps, work)
    yield from missing
    drafts = [SegmentDraft(name=step.name, description=step.description, kind=kind) for step, kind in whole]
    answers = _bulk([step for step, _ in whole], lambda: work.client.create_segments(drafts))
    yield from _created(answers, work.client.segments, work, work.segment_ids)


def create_audiences(steps: Steps, work: Work) -> Iterator[Result]:
    """Create audiences from lists whose ids are known by now."""
    whole, missing = _with_targeting(steps, work)
    yield from missing
    drafts = [
        AudienceDraft(name=step.name, description=step.description, targeting=targeting) for step, targeting in whole
    ]
    answers = _bulk([step for step, _ in whole], lambda: work.client.create_audiences(drafts))
    yield from _created(_shaped(answers), work.client.audiences, work, work.audience_ids)


def update_segments(steps: Steps, work: Work) -> Iterator[Result]:
    """Rename segments, rewrite their descriptions, change what those of Criteo's own kinds are."""
    drafts = [
        SegmentDraft(
            id=number,
            name=step.name,
            description=work.description(step, number),
            kind=step.kind.update_of(step.changes) if step.kind else None,
        )
        for step in steps
        for number in (work.segment_ids[step.address],)
    ]
    yield from _plain(_bulk(steps, lambda: work.client.update_segments(drafts)))


def update_audiences(steps: Steps, work: Work) -> Iterator[Result]:
    """Rename audiences, rewrite their descriptions, change whom they include and exclude."""
    whole, missing = _with_targeting(steps, work)
    yield from missing
    drafts = [
        AudienceDraft(id=number, name=step.name, description=work.description(step, number), targeting=targeting)
        for step, targeting in whole
        for number in (work.audience_ids[step.address],)
    ]
    answers = _bulk([step for step, _ in whole], lambda: work.client.update_audiences(drafts))
    yield from _plain(_shaped(answers))


def delete_audiences(steps: Steps, work: Work) -> Iterator[Result]:
    """Delete audiences."""
    ids = [work.audience_ids[step.address] for step in steps]
    yield from _plain(_bulk(steps, lambda: work.client.delete_audiences(ids)))


def delete_segments(steps: Steps, work: Work) -> Iterator[Result]:
    """Empty contact lists, then delete those that Criteo has emptied; of its own kinds nothing is there to empty."""
    emptied = [step for step in steps if step.kind is not None]
    for step in (step for step in steps if step.kind is None):
        answer = _single(step, partial(work.client.clear_list, work.segment_ids[step.address]))
        if answer.status is Status.DONE:
            emptied.append(step)
        else:
            yield answer
    ids = [work.segment_ids[step.address] for step in emptied]
    yield from _plain(_bulk(emptied, lambda: work.client.delete_segments(ids)))


def link(steps: Steps, work: Work) -> Iterator[Result]:
    """Let ad sets target their audience."""
    for step in steps:
        audience = work.audience_ids.get(step.address)
        if audience is None:
            yield _unmade(step, [step.address])
        else:
            yield _single(step, partial(work.client.link, str(step.ad_set), audience))


def unlink(steps: Steps, work: Work) -> Iterator[Result]:
    """Let ad sets target nobody's audience."""
    for step in steps:
        yield _single(step, partial(work.client.link, str(step.ad_set), None))


def note(steps: Steps, _: Work) -> Iterator[Result]:
    """Let go of resources, or mend our record of them; Criteo is not told."""
    return (Result(step=step, status=Status.DONE) for step in steps)


HANDLERS: Mapping[Operation, Callable[[Steps, Work], Iterator[Result]]] = {
    Operation.CREATE_SEGMENT: create_segments,
    Operation.UPDATE_SEGMENT: update_segments,
    Operation.CREATE_AUDIENCE: create_audiences,
    Operation.UPDATE_AUDIENCE: update_audiences,
    Operation.LINK: link,
    Operation.UNLINK: unlink,
    Operation.DELETE_AUDIENCE: delete_audiences,
    Operation.DELETE_SEGMENT: delete_segments,
    Operation.FORGET: note,
    Operation.RECORD: note,
}
"""Everything but the moves of members, in the order in which a round takes it."""


def _shaped(answers: Iterator[tuple[Step, _Answer | CriteoError]]) -> Iterator[tuple[Step, _Answer | CriteoError]]:
    """Answers of audiences, with what to do where Criteo does not take an algebra."""
    for step, answer in answers:
        yield step, explained(step, answer) if isinstance(answer, CriteoError) else answer


def _bulk(
    steps: Steps, call: Callable[[], tuple[_Answer | CriteoError, ...]]
) -> Iterator[tuple[Step, _Answer | CriteoError]]:
    """Each step with its answer; an error of the whole call is every step's."""
    if not steps:
        return iter(())
    try:
        answers = call()
    except CriteoError as error:
        answers = (error,) * len(steps)
    return zip(steps, answers, strict=True)


def _plain(answers: Iterator[tuple[Step, CriteoError | None]]) -> Iterator[Result]:
    for step, answer in answers:
        yield failed(step, answer) if answer is not None else Result(step=step, status=Status.DONE, touched=True)


def _single(step: Step, call: Callable[[], None]) -> Result:
    try:
        call()
    except CriteoError as error:
        return failed(step, error)
    return Result(step=step, status=Status.DONE, touched=True)


def _created(
    answers: Iterator[tuple[Step, str | CriteoError]],
    search: Callable[[], Sequence[RemoteSegment | RemoteAudience]],
    work: Work,
    ids: dict[Address, str],
) -> Iterator[Result]:
    lost: list[tuple[Step, CriteoError]] = []
    for step, answer in answers:
        if isinstance(answer, str):
            yield _made(step, answer, work, ids)
        elif isinstance(answer, OutcomeUnknown):
            lost.append((step, answer))
        else:
            yield failed(step, answer)
    yield from _looked_for(lost, search, work, ids) if lost else ()


def _made(step: Step, number: str, work: Work, ids: dict[Address, str]) -> Result:
    ids[step.address] = number
    work.described[number] = step.description
    return Result(step=step, status=Status.DONE, touched=True, criteo_id=number)


def _looked_for(
    lost: list[tuple[Step, CriteoError]],
    search: Callable[[], Sequence[RemoteSegment | RemoteAudience]],
    work: Work,
    ids: dict[Address, str],
) -> Iterator[Result]:
    try:
        there = search()
    except CriteoError:
        there = ()
    for step, error in lost:
        found = _found(step, there, work)
        if found is None:
            yield failed(step, error)
        else:
            yield _made(step, found, work, ids)


def _found(step: Step, there: Sequence[RemoteSegment | RemoteAudience], work: Work) -> str | None:
    """The id of the resource with the step's mark, else of one of its name that has none and was not there before.

    What we know already is not it: the segment that it replaces bears the same mark.
    """
    known = {*work.segment_ids.values(), *work.audience_ids.values()}
    there = [each for each in there if each.id not in known]
    marks = {each.id: split_mark(each.description)[1] for each in there}
    ours = Mark(work.workspace, step.address)
    marked = [each.id for each in there if marks[each.id] == ours]
    named = [each.id for each in there if each.name == step.name and not marks[each.id] and each.id not in work.foreign]
    return next(iter(marked or named), None)


def _with_seeds(steps: Steps, work: Work) -> tuple[list[tuple[Step, Kind | None]], list[Result]]:
    """The steps with what they make, seeds in Criteo's ids, and the results of those whose seed is not made."""
    whole: list[tuple[Step, Kind | None]] = []
    missing = []
    for step in steps:
        seed = step.kind.seed if step.kind else None
        if step.kind is None or seed is None:
            whole.append((step, step.kind))
        elif (segment_id := work.segment_id(seed)) is not None:
            whole.append((step, replace(step.kind, seed=criteo_address(segment_id))))
        else:
            missing.append(_unmade(step, [seed]))
    return whole, missing


def _with_targeting(steps: Steps, work: Work) -> tuple[list[tuple[Step, Targeting | None]], list[Result]]:
    """The steps with their algebra in Criteo's ids, and the results of those that name a list without one."""
    whole, missing = [], []
    for step in steps:
        targeting = _targeting(step, work)
        named = sorted(targeting.include | targeting.exclude) if targeting else []
        unmade = [Address(each) for each in named if work.segment_id(Address(each)) is None]
        if unmade:
            missing.append(_unmade(step, unmade))
        else:
            whole.append((step, _in_ids(targeting, work) if targeting else None))
    return whole, missing


def _targeting(step: Step, work: Work) -> Targeting | None:
    """Whom the audience will target, by address: what the step says, else what was applied last; None if it stays, as
    an audience that would include nobody does.
    """
    if step.include is None and step.exclude is None:
        return None
    record = work.audiences.get(step.address)
    include = step.include if step.include is not None else record.include if record else ()
    exclude = step.exclude if step.exclude is not None else record.exclude if record else ()
    if not include:
        return None
    return Targeting(include=frozenset(include), exclude=frozenset(exclude), algebra=step.algebra)


def _in_ids(targeting: Targeting, work: Work) -> Targeting:
    def known(address: str) -> str:
        return str(work.segment_id(Address(address)))

    return Targeting(
        include=frozenset(map(known, targeting.include)),
        exclude=frozenset(map(known, targeting.exclude)),
        algebra=canonical(renamed(targeting.algebra, known)) if targeting.algebra else None,
    )


def _unmade(step: Step, addresses: Sequence[Address]) -> Result:
    return Result(step=step, status=Status.FAILED, reason=f"not made yet at Criteo: {', '.join(sorted(addresses))}")
