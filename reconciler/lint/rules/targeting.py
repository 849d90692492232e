"""Rules about whom an audience reaches and should not: buyers, everybody, nobody to compare with."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reconciler.lint.reading import Reader
from reconciler.lint.rule import Hit, Rule
from reconciler.lint.rules.criteos import holds_new_buyers
from reconciler.lint.subject import WORKSPACE, Audience, List, Subject
from reconciler.model.address import Address
from reconciler.model.conditions import Sample
from reconciler.model.lint import Severity


def _reaching_buyers(subject: Subject) -> Iterator[Hit]:
    reader = Reader(subject.segments, subject.is_purchase)
    for audience in subject.audiences:
        if any(reader.holds_buyers(each) for each in (*audience.exclude, *_opted_out(audience, subject))):
            continue
        if any(holds_new_buyers(subject.kinds[each]) for each in audience.excluded & subject.kinds.keys()):
            continue
        open_to = [each.address for each in audience.include if not reader.keeps_buyers_out(each)]
        kinds = sorted(audience.included & subject.kinds.keys())
        open_to += [each for each in kinds if holds_new_buyers(subject.kinds[each])]
        if open_to:
            yield Hit(
                address=audience.address,
                place=audience.place("include"),
                message=f"people who have just bought stay in it: {_named(open_to)} {_does(open_to)} not leave them "
                f"out, and neither does an exclusion",
                hint="Exclude a segment such as `{ event: purchase, within: 7d }`, here or in `always_exclude`, or add "
                "`not_followed_by: purchase`. If it is for buyers, opt out of the exclusion with the reason.",
            )


def _without_purchases(subject: Subject) -> Iterator[Hit]:
    kinds = sorted(subject.membership.health.events.newest) if subject.membership else []
    if kinds and not any(map(subject.is_purchase, kinds)):
        yield Hit(
            address=WORKSPACE,
            place=subject.place,
            message=f"no event is taken for a purchase; there {_kinds(kinds)}",
            hint="Name the kinds that are purchases: `lint: { purchase: [KIND] }`.",
        )


def _kinds(kinds: list[str]) -> str:
    """What kinds there are, where they are few words: a wrong column's values are nobody's business."""
    words = [f"`{kind}`" for kind in kinds if _WORD.fullmatch(kind)]
    if len(words) < len(kinds) or len(kinds) > _NAMED:
        return f"are {len(kinds):,} kinds of events"
    return f"{'is' if len(words) == 1 else 'are'} {', '.join(words)}"


def _opted_out(audience: Audience, subject: Subject) -> Iterator[List]:
    """The lists that it says it does not exclude, and why: a decision that needs no second one."""
    for reference, _ in audience.config.excepted:
        key, _, part = reference.partition(".")
        yield from (
            each for each in subject.lists.values() if each.segment.key == key and part in {"", each.slice_name}
        )


def _named(lists: list[Address]) -> str:
    names = [f"`{each.removeprefix('segment.')}`" for each in lists]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _does(lists: list[Address]) -> str:
    return "does" if len(lists) == 1 else "do"


def _without_exclusion(subject: Subject) -> Iterator[Hit]:
    for audience in subject.audiences:
        if not audience.excluded:
            yield Hit(
                address=audience.address,
                place=audience.place("include"),
                message="includes and excludes nothing",
                hint="Name in `exclude` who should not see it; what no audience should reach goes into "
                "`always_exclude` of reconciler.yaml.",
            )


def _without_holdout(subject: Subject) -> Iterator[Hit]:
    reader = Reader(subject.segments, subject.is_purchase)
    for audience in subject.audiences:
        lists = (*audience.include, *audience.exclude)
        if not any(isinstance(leaf, Sample) for each in lists for leaf in reader.leaves(each)):
            yield Hit(
                address=audience.address,
                place=audience.place(),
                message="nobody is held back, so nobody can tell what it brings",
                hint="Exclude a suppression segment of `sample: { percent: 5, seed: … }`, and compare what these "
                "people buy with what the others do.",
            )


_BUYERS_SEE_IT = """\
The ad for what one bought yesterday is the classic mistake of retargeting: it annoys, and it is paid for. An event
feed knows of the purchase within the hour, so the exclusion costs nothing but a line.

An audience is taken to leave buyers out when it excludes a list of those who have just bought (an event that is a
purchase, with a window that begins at 0, and no `where`), directly or by `always_exclude`; or when every list that it
includes does so itself: by `not_followed_by`, by `none`, by `times: 0`, or by a `latest` purchase in a window that
begins later. Of Criteo's own segments one of `retargeting` tells: with `visitorsType` `All` or `Buyers` and visits of
today it holds those who have just bought. An audience that opts out of such an exclusion has given its reason."""

_NAMED = 20
_WORD = re.compile(r"[^\W\d](?:[^\W\d]|[ .:/-]|[0-9]{1,2}(?![0-9])){0,40}")

RULES = (
    Rule(
        id="RL101",
        name="no-purchase-suppression",
        severity=Severity.ERROR,
        what="An audience goes on reaching people who have just bought.",
        why=_BUYERS_SEE_IT,
        instead="""\
Put a list of recent buyers into `always_exclude`, so that nobody has to remember it. Where your purchases have a name
of their own, say so in `lint.purchase`. An audience for buyers opts out with `always_exclude: { except: … }`.""",
        check=_reaching_buyers,
        settings=("purchase",),
        wrong="""\
segments:
  cart-abandoners:
    who: { event: cart_added, latest: true, within: 7d }""",
        right="""\
segments:
  cart-abandoners:
    who: { event: cart_added, latest: true, within: 7d, not_followed_by: purchase }""",
    ),
    Rule(
        id="RL102",
        name="no-exclusion",
        severity=Severity.WARNING,
        what="An audience includes lists and excludes none.",
        why="""\
A definition keeps people off a list whom your data knows. An exclusion is Criteo's NOT: it also covers the second
device, and the address that only another record has. Those who unsubscribed, who wait for an answer of your support,
or whom another campaign speaks to belong beside every inclusion.""",
        instead="Add `exclude`, or `always_exclude` in `reconciler.yaml`, which is added to every audience.",
        check=_without_exclusion,
        wrong="""\
audiences:
  recovery:
    include: [cart-abandoners]""",
        right="""\
audiences:
  recovery:
    include: [cart-abandoners]
    exclude: [unsubscribed]""",
    ),
    Rule(
        id="RL103",
        name="no-holdout",
        severity=Severity.INFO,
        what="Nobody is held back from an audience, so its effect can't be measured.",
        why="""\
Many of those who come back after an ad would have come back without it. Only people who fit the audience and are kept
out of it by chance tell how many. `holdouts`, with the reckoning, are not built yet; a stable sample that is excluded
is possible today, and later figures need it from the first day on.""",
        instead="""\
Exclude a published segment of `sample: { percent: 5, seed: winback }` with `purpose: suppression`; the reckoning is
yours. Where somebody else measures (the agency, Criteo's own test), ignore the rule and say so.""",
        check=_without_holdout,
        wrong="""\
audiences:
  recovery:
    include: [cart-abandoners]
    exclude: [unsubscribed]""",
        right="""\
  control:
    purpose: suppression
    reason: What they buy all the same is what the ads are measured against
    who: { sample: { percent: 5, seed: winback } }
audiences:
  recovery:
    include: [cart-abandoners]
    exclude: [unsubscribed, control]""",
    ),
    Rule(
        id="RL107",
        name="no-purchases",
        severity=Severity.WARNING,
        what="None of the events is taken for a purchase.",
        why="""\
Other rules ask whether somebody who has just bought is left out, and they know a purchase by the kind of its event.
Where no event has such a kind, a misspelt one looks like an exclusion and excludes nobody. Usual names are known,
such as `purchase`, `order_paid` and `Order Completed`.""",
        instead="Name your kinds in `lint.purchase`. Data without purchases gets an ignore that says why.",
        check=_without_purchases,
        reads="data",
        settings=("purchase",),
        wrong="lint: { purchase: [ordered] }",
        right="lint: { purchase: [bestellt] }",
    ),
)
