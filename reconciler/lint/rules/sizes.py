"""Rules about how many there are: on a list, of lists."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from reconciler.lint.rule import Hit, Rule
from reconciler.lint.subject import List, Subject, place_of
from reconciler.model.lint import Severity


def _giant(subject: Subject) -> Iterator[Hit]:
    membership, limit = subject.membership, subject.workspace.lint.giant_share
    everybody = membership.health.valid_identifiers if membership else 0
    for each, members in _counted(subject):
        if everybody and Fraction(members, everybody) > limit:
            yield Hit(
                address=each.address,
                place=each.segment.place,
                message=f"holds {float(Fraction(members, everybody)):.0%} of all who can be reached ({members:,} of "
                f"{everybody:,}); {float(limit):.0%} is the most that `lint.giant_share` takes",
                hint="Narrow it, or cut it into slices that deserve different bids.",
            )


def _small(subject: Subject) -> Iterator[Hit]:
    least = subject.workspace.lint.min_members
    for each, members in _counted(subject):
        if members < least:
            yield Hit(
                address=each.address,
                place=each.segment.place,
                message=f"holds {members:,}; below {least:,} Criteo may have too few matches to show an ad",
                hint="Widen it, join it with a neighbour, or say in an ignore that it will grow.",
            )
    for each in subject.included if subject.membership is None else ():
        expected = each.segment.expected_members
        if expected is not None and expected.at_most is not None and expected.at_most < least:
            yield Hit(
                address=each.address,
                place=place_of(each.segment, "expected_members"),
                message=f"is expected to hold {expected.at_most:,} at most; below {least:,} Criteo may have too few "
                f"matches to show an ad",
                hint="Widen it, or join it with a neighbour.",
            )


def _counted(subject: Subject) -> Iterator[tuple[List, int]]:
    """The included lists that are to hold somebody now, with their identifiers; none where the data was not read."""
    membership = subject.membership
    for each in subject.included if membership is not None else ():
        active, time_zone = each.segment.active, subject.workspace.settings.time_zone
        found = membership.lists.get(each.address) if membership else None
        if found and membership and (active is None or active.holds(membership.as_of, time_zone)):
            yield each, found.wanted


def _many(subject: Subject) -> Iterator[Hit]:
    lists, most = len(subject.lists), subject.workspace.lint.max_lists
    if lists > most:
        yield Hit(
            address="workspace",
            place=subject.place,
            message=f"makes {lists:,} lists, and the account may hold {most:,}",
            hint="Drop lists that no audience needs, or cut segments into fewer slices. If Criteo has granted more, "
            "say so in `lint.max_lists`.",
        )


RULES = (
    Rule(
        id="RL301",
        name="giant-segment",
        severity=Severity.WARNING,
        what="A list that an audience includes holds a great share of everybody who can be reached.",
        why="""\
A list of half your customers is not a segment: the bid and the message must suit everybody, so they suit nobody. It
is also how a slip shows, such as an `any` that was meant to be an `all`. What is counted are identifiers that can be
sent; lists that are only excluded may be as large as they like.""",
        instead="Narrow the definition, or cut it by recency and bid by slice.",
        check=_giant,
        reads="data",
        settings=("giant_share",),
        wrong="who: { event: product_viewed, within: 30d }",
        right="who: { event: product_viewed, times: { at_least: 2 }, within: 30d }",
    ),
    Rule(
        id="RL302",
        name="list-too-small",
        severity=Severity.WARNING,
        what="A list that an audience includes holds too few to be worth having at Criteo.",
        why="""\
Criteo matches a part of what is sent, and a campaign needs enough of them to bid for. No minimum is documented for
lists that are sent by the API, so the number is one of practice. Without data the rule goes by `expected_members`.
Lists that are only excluded are not judged, and neither are those outside their period.""",
        instead="Widen the window, join it with a neighbour, or give it time and say so in an ignore.",
        check=_small,
        reads="both",
        settings=("min_members",),
        sources=(
            (
                "Uploads by hand want more than 500 different values: "
                "https://help.retailmedia.criteo.com/kb/guide/en/contact-lists-yYjTNGz3pT/Steps/2634843"
            ),
            (
                "Meiro warns below 1,000 matches: "
                "https://docs.meiro.io/books/meiro-integrations/page/loader-criteo/revisions/9053/changes"
            ),
            (
                "Braze names 500 as the least and advises more than 20,000, on its page on Audience Sync to Criteo: "
                "https://github.com/braze-inc/braze-docs"
            ),
        ),
        wrong="expected_members: { at_most: 400 }",
        right="expected_members: { at_least: 500, at_most: 40000 }",
    ),
    Rule(
        id="RL303",
        name="too-many-lists",
        severity=Severity.WARNING,
        what="The workspace makes more lists than an account may hold.",
        why="""\
Past the limit Criteo refuses new lists, in the middle of an apply. Every slice is a list of its own, and what other
tools and other workspaces keep in the account counts too. Criteo documents no limit; the number is what another
sender states.""",
        instead="Drop what no audience uses, cut into fewer slices, or ask Criteo for more and set `lint.max_lists`.",
        check=_many,
        settings=("max_lists",),
        sources=(
            (
                "Braze states 1,000 audiences an account, on its page on Audience Sync to Criteo: "
                "https://github.com/braze-inc/braze-docs"
            ),
        ),
        wrong="slices: [hot, warm, cooling]",
        right="slices: [hot, cooling]",
    ),
)
