"""Rules about who gets a discount: not those who pay the full price anyway, and not those who wait for it."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.lint.reading import leaves_out
from reconciler.lint.roles import discount_seekers, promised_discount, vips
from reconciler.lint.rule import Hit, Rule
from reconciler.lint.subject import Audience, Subject
from reconciler.model.lint import Severity
from reconciler.model.workspace import SegmentConfig


def _vips_reached(subject: Subject) -> Iterator[Hit]:
    for audience in subject.audiences:
        discount = promised_discount(audience)
        for segment in vips(subject) if discount else ():
            if not _keeps_out(audience, segment, subject):
                yield Hit(
                    address=audience.address,
                    place=audience.place("include"),
                    message=f"it {discount}, and `{segment.key}` may get it",
                    hint=f"Exclude `{segment.key}`, or leave them out in the definitions.",
                )


def _seekers_reached(subject: Subject) -> Iterator[Hit]:
    seekers = discount_seekers(subject)
    keys = {segment.key for segment in seekers}
    for audience in subject.audiences:
        discount = promised_discount(audience)
        included = {each.segment.key for each in audience.include}
        if keys & included and included - keys:
            yield Hit(
                address=audience.address,
                place=audience.place("include"),
                message=f"mixes `{min(keys & included)}` with people who pay the full price (`{min(included - keys)}`)",
                hint="Make two audiences of it: each needs a bid, a message and a result of its own.",
            )
        elif discount and not keys & included:
            yield from _about_seekers(audience, discount, seekers, subject)


def _about_seekers(
    audience: Audience, discount: str, seekers: tuple[SegmentConfig, ...], subject: Subject
) -> Iterator[Hit]:
    for segment in seekers:
        if not _keeps_out(audience, segment, subject):
            yield Hit(
                address=audience.address,
                place=audience.place("include"),
                message=f"it {discount}, and `{segment.key}` may get it together with people who pay the full price",
                hint=f"Exclude `{segment.key}`, or give them an audience of their own.",
            )
    if not seekers:
        yield Hit(
            address=audience.address,
            place=audience.place("include"),
            message=f"it {discount}, and no segment tells those who wait for one",
            hint="Make a segment of them, such as two purchases or more with `where: { coupon: { exists: true } }`, "
            "and exclude it; `lint.discount_seekers` names it where its own name does not.",
        )


def _keeps_out(audience: Audience, segment: SegmentConfig, subject: Subject) -> bool:
    """Whether nobody of a segment is in an audience: all its lists are excluded, or all included ones leave it out."""
    if segment.publish and {each.address for each in subject.lists.values() if each.segment is segment} <= {
        each.address for each in audience.exclude
    }:
        return True
    return all(leaves_out(each.segment.condition, segment.key) for each in audience.include)


RULES = (
    Rule(
        id="RL104",
        name="vip-in-discount",
        severity=Severity.WARNING,
        what="An audience with a discount may reach your best customers.",
        why="""\
Those who buy often and at the full price do so without a voucher. Giving them one costs the margin of orders that
would have come anyway, and teaches them that the price is negotiable.

Which segments are meant says `lint.vips`; without it those whose key or name speaks of VIPs or best customers. What
an audience offers says its `offer`; where it has none, its name and description: `voucher`, `coupon`, `discount`,
`20% off` and the like, but not `no voucher`.""",
        instead="Exclude their list, or put the segment into the `none` of what the audience includes.",
        check=_vips_reached,
        settings=("vips",),
        wrong="""\
audiences:
  winback:
    description: We miss you, with a voucher
    include: [winback]
    exclude: [discount-seekers]""",
        right="""\
audiences:
  winback:
    description: We miss you, with a voucher
    include: [winback]
    exclude: [vips, discount-seekers]""",
    ),
    Rule(
        id="RL105",
        name="discount-seekers-mixed",
        severity=Severity.WARNING,
        what="People who wait for discounts and people who pay the full price are in one audience.",
        why="""\
Who buys with a coupon anyway learns to wait for the next one, and who would have paid the full price gets it as a
present. Together they also spoil the figures: the audience seems to work because discount seekers always do.

The rule looks at audiences with a discount (as [RL104](RL104.md) tells) that do not leave discount seekers out, and at
audiences that include discount seekers beside others. Which segments are meant says `lint.discount_seekers`; without
it those whose key or name says so.""",
        instead="Exclude the discount seekers, or give them an audience, a bid and a result of their own.",
        check=_seekers_reached,
        settings=("discount_seekers",),
        wrong="""\
audiences:
  winback:
    description: We miss you, with a voucher
    include: [winback]
    exclude: [vips]""",
        right="""\
audiences:
  winback:
    description: We miss you, with a voucher
    include: [winback]
    exclude: [vips, discount-seekers]""",
    ),
)
