"""Rules about Criteo's own segments: seeds of lookalikes, and in-market segments of everybody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from reconciler.lint.rule import Hit, Rule
from reconciler.lint.subject import List, Subject, place_of
from reconciler.model.address import Address
from reconciler.model.kinds import MIN
from reconciler.model.lint import Severity
from reconciler.model.workspace import SegmentConfig


def holds_new_buyers(segment: SegmentConfig) -> bool:
    """Whether one of Criteo's own is known to hold people who have bought today."""
    if segment.kind is None or segment.kind.name != "retargeting":
        return False
    values = segment.kind.values
    return values.get("visitorsType") in ("All", "Buyers") and values.get(MIN) == 0


class _Grown(NamedTuple):
    """A lookalike and the list of ours that it grows from."""

    address: Address
    lookalike: SegmentConfig
    seed: List


def _grown(subject: Subject) -> Iterator[_Grown]:
    for address, each in subject.kinds.items():
        seed = each.kind.seed if each.kind else None
        if seed is not None and seed in subject.lists:
            yield _Grown(address, each, subject.lists[seed])


def _reaching_the_seed(subject: Subject) -> Iterator[Hit]:
    for audience in subject.audiences:
        for each in _grown(subject):
            seed = each.seed.address
            if each.address in audience.included and seed not in audience.included | audience.excluded:
                yield Hit(
                    address=audience.address,
                    place=audience.place("algebra" if "algebra" in audience.config.places else "include"),
                    message=f"includes {each.address}, which is to find people like those of {seed}, and does not "
                    f"exclude {seed} itself",
                    hint=f"Exclude `{seed.removeprefix('segment.')}`; or include it too, if it shall be reached.",
                )


def _drained_seed(subject: Subject) -> Iterator[Hit]:
    for each in _grown(subject):
        active = each.seed.segment.active
        if active is not None and active.last is not None:
            yield Hit(
                address=each.address,
                place=place_of(each.lookalike, "criteo.seed"),
                message=f"grows from {each.seed.address}, which is drained after {active.last}",
                hint="Grow it from a list without an end, such as a segment of its own with the same `who`; or remove "
                "the lookalike on that day too.",
            )


def _small_seed(subject: Subject) -> Iterator[Hit]:
    least = subject.workspace.lint.min_members
    for each in _grown(subject):
        held = _held(each.seed, subject)
        if held is not None and held[0] < least:
            yield Hit(
                address=each.address,
                place=place_of(each.lookalike, "criteo.seed"),
                message=f"grows from {each.seed.address}, which {held[1]}; below {least:,} Criteo may have too few "
                f"matches to find others like them",
                hint="Let it grow from a larger list, such as one of a longer window.",
            )


def _held(seed: List, subject: Subject) -> tuple[int, str] | None:
    """How many a list holds, or may hold at most, and that in words; None where nobody knows."""
    if subject.membership is not None:
        found = subject.membership.lists.get(seed.address)
        return (found.wanted, f"holds {found.wanted:,}") if found else None
    expected = seed.segment.expected_members
    if expected is None or expected.at_most is None:
        return None
    return expected.at_most, f"is expected to hold {expected.at_most:,} at most"


def _unfiltered(subject: Subject) -> Iterator[Hit]:
    for address, each in subject.kinds.items():
        values = each.kind.values if each.kind and each.kind.name == "in_market" else None
        if values is not None and not any(values.get(name) for name in ("interestIds", "brandIds")):
            yield Hit(
                address=address,
                place=place_of(each, "criteo.country"),
                message=f"names no interest and no brand: whoever is in the market for anything in {values['country']}",
                hint="Name `interestIds` or `brandIds`.",
            )


_VIPS = "vips: { who: { attribute: tier, is: vip } }"

RULES = (
    Rule(
        id="RL109",
        name="seed-not-excluded",
        severity=Severity.WARNING,
        what="An audience includes a lookalike, and neither excludes nor includes the list that it grows from.",
        why="""\
A lookalike is for people who are like your own and are not yours yet. Nothing that Criteo documents says that it
leaves out those whom it grows from, so an offer for new customers may reach the best of the old ones.""",
        instead="Exclude the seed. If the audience is for both, include it.",
        check=_reaching_the_seed,
        wrong="new-people: { include: [like-vips] }",
        right="new-people: { include: [like-vips], exclude: [vips] }",
    ),
    Rule(
        id="RL110",
        name="seed-drained",
        severity=Severity.WARNING,
        what="A lookalike grows from a list that ends with its period.",
        why="""\
After the last day of `active` the list is drained. The lookalike stays, with a seed that holds nobody, and what Criteo
makes of that is not documented: it may keep whom it found, or find nobody more.""",
        instead="Grow it from a list without an end, or let the lookalike go on the same day.",
        check=_drained_seed,
        wrong=f"{_VIPS[:-2]}, active: {{ to: 2026-12-31 }} }}",
        right=_VIPS,
    ),
    Rule(
        id="RL304",
        name="seed-too-small",
        severity=Severity.WARNING,
        what="A lookalike grows from a list that holds too few to learn from.",
        why="""\
Criteo knows a part of what is sent, and looks for what these have in common. From a few dozen it learns chance. No
least number is documented, so it is the same as for lists: one of practice. Without data the rule goes by
`expected_members` of the seed.""",
        instead="Grow it from a larger list: a longer window, or the customers around those you mean.",
        check=_small_seed,
        reads="both",
        settings=("min_members",),
        wrong="regulars: { who: { event: purchase, within: 7d }, expected_members: { at_most: 400 } }",
        right="regulars: { who: { event: purchase, within: 90d }, expected_members: { at_least: 1000 } }",
    ),
    Rule(
        id="RL305",
        name="market-without-interest",
        severity=Severity.WARNING,
        what="An in-market segment names neither an interest nor a brand.",
        why="""\
What is left out filters nothing, so that such a segment is whoever shops in the country. Criteo's guide asks for
both, and its API specification for neither: it may be refused, too.""",
        instead="Name what they are in the market for.",
        check=_unfiltered,
        sources=(
            "Criteo's guide to audience segments: https://developers.criteo.com/marketing-solutions/docs/audience-segments",
        ),
        wrong="in_market: { country: FR, gender: Female }",
        right='in_market: { country: FR, interestIds: ["567"], gender: Female }',
    ),
)
