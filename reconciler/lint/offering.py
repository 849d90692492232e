"""What is looked for in offers: discounts before their stage, two offers to one person, channels out of step."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from reconciler.lint.apart import are_apart
from reconciler.lint.rule import Hit
from reconciler.lint.stages import (
    Placed,
    Standing,
    ages_of,
    allowed,
    end_text,
    first_allowing,
    placed,
    shown,
    standing,
    when,
)
from reconciler.lint.subject import Audience, Subject
from reconciler.model.address import Address
from reconciler.model.offers import discount_text
from reconciler.model.time import Window

_CHANNELS = {"email": "the e-mail", "sms": "the text message", "push": "the push notification"}


def hit(audience: Audience, message: str, hint: str) -> Hit:
    """A finding about the offer of an audience."""
    return Hit(address=audience.address, place=audience.place("offer"), message=message, hint=hint)


def before_stage(subject: Subject) -> Iterator[Hit]:
    """A discount that its touch, or the ages of an included list, do not allow yet."""
    for each in placed(subject):
        found = list(_too_early(each))
        if found:
            yield hit(each.audience, "; ".join(found), _when_allowed(each))


def _too_early(each: Placed) -> Iterator[str]:
    offered, name = discount_text(each.offer.discount), f"`offers.{each.ladder.key}`"
    if each.stage is not None and each.offer.discount > each.stage.discount:
        yield f"offers {offered}, and {when(each.stage)} of {name} allows {discount_text(each.stage.discount)}"
        return
    for included in each.audience.include:
        ages = ages_of(included)
        most = allowed(each.ladder, ages) if ages else None
        if most is not None and each.offer.discount > most:
            yield f"offers {offered} to {included.address} ({ages}), at which {name} allows {discount_text(most)}"


def _when_allowed(each: Placed) -> str:
    stage = first_allowing(each.ladder, each.offer.discount)
    offered = discount_text(each.offer.discount)
    if stage is None:
        return f"No stage allows {offered}: offer less, or raise what a stage allows."
    return f"{offered} is allowed from {when(stage)} on: offer less here, or include the lists of that stage."


def without_stage(subject: Subject) -> Iterator[Hit]:
    """A discount of which no ladder says when it is allowed."""
    for audience in subject.audiences:
        offer = audience.config.offer
        if offer is None or not offer.discount:
            continue
        offered = discount_text(offer.discount)
        if offer.ladder is None:
            message = f"offers {offered}, and no stage of `offers` says when that is allowed"
            yield hit(audience, message, "Name its stage: `offer: { ladder: …, touch: …, discount: … }`.")
        elif offer.touch is None and not any(map(ages_of, audience.include)):
            message = f"offers {offered}, and neither a touch nor the windows of its lists tell the stage"
            yield hit(audience, message, f"Add the `touch` of `offers.{offer.ladder}` that these ads are.")


def other_stage(subject: Subject) -> Iterator[Hit]:
    """A touch whose window does not hold the people of an included list."""
    for each in placed(subject):
        stage = each.stage
        for included in each.audience.include if stage is not None and stage.within is not None else ():
            ages = ages_of(included)
            if stage is not None and stage.within is not None and ages is not None and not _holds(stage.within, ages):
                message = f"is touch {stage.touch} ({stage.within}), and {included.address} holds people of {ages}"
                yield hit(each.audience, message, "Name the touch of that age, or include the list of this one.")


def _holds(outer: Window, inner: Window) -> bool:
    ends = outer.end is None or (inner.end is not None and inner.end <= outer.end)
    return outer.start <= inner.start and ends


def not_kept_apart(subject: Subject) -> Iterator[Hit]:
    """Without figures: two different offers, and nothing that keeps somebody from getting both."""
    if subject.membership is None:
        for one, other in _disputed(subject):
            message = f"{_against(one, other)}, and nothing keeps somebody from being reached by both"
            yield hit(one, message, _keep_apart(other))


def collide(subject: Subject) -> Iterator[Hit]:
    """With figures: people whom two different offers reach."""
    for one, other in _disputed(subject):
        shared = subject.membership.in_both if subject.membership is not None else {}
        count = shared.get((Address(one.address), Address(other.address)), 0)
        if count:
            people = "1 person is" if count == 1 else f"{count:,} people are"
            yield hit(one, f"{_against(one, other)}, and {people} reached by both", _keep_apart(other))


def _disputed(subject: Subject) -> Iterator[tuple[Audience, Audience]]:
    for one, other in combinations(subject.audiences, 2):
        first, second = one.config.offer, other.config.offer
        if first and second and first.discount != second.discount and not are_apart(one, other, subject):
            yield one, other


def _against(one: Audience, other: Audience) -> str:
    first, second = one.config.offer, other.config.offer
    here, there = (discount_text(each.discount) if each else "" for each in (first, second))
    return f"offers {here}, {other.address} offers {there}"


def _keep_apart(other: Audience) -> str:
    lists = ", ".join(each.address.removeprefix("segment.") for each in other.include)
    return (
        f"Decide whose offer goes first: let one of the two exclude what the other includes ({lists}), or keep the "
        f"segments apart with `exclusive`."
    )


def out_of_step(subject: Subject) -> Iterator[Hit]:
    """A channel of one's own that offers something else to the same people at the same time, or stops earlier."""
    for each in placed(subject):
        for told in dict.fromkeys((*_differing(each), *_ending(each))):
            yield hit(each.audience, told, "Offer the same at the same time in all channels, or change `offers`.")


def _differing(each: Placed) -> Iterator[str]:
    offered = discount_text(each.offer.discount)
    for other in _beside(each):
        if other.owned.discount != each.offer.discount:
            channel = f"{_CHANNELS[other.owned.channel]} of touch {other.stage.touch}"
            until = f" until {_until(other)}" if other.stage.within or other.owned.last_day else ""
            yield f"the ads offer {offered}, {channel} offers {discount_text(other.owned.discount)}{until}"


def _beside(each: Placed) -> Iterator[Standing]:
    """What stands at the ages at which the ads are shown; where there are no ages, what their own stage says."""
    windows = shown(each)
    if windows:
        yield from (one for one in standing(each.ladder) if any(one.ages.overlaps(ages) for ages in windows))
    elif each.stage is not None:
        yield from (Standing(one, each.stage, Window()) for one in each.stage.owned)


def _until(each: Standing) -> str:
    return str(each.owned.last_day) if each.owned.last_day else end_text(each.ages)


def _ending(each: Placed) -> Iterator[str]:
    """Where the same discount is offered, the ads must not go on when the channel has stopped."""
    windows = shown(each)
    for other in _beside(each):
        if not each.offer.discount or other.owned.discount != each.offer.discount:
            continue
        channel, offered = _CHANNELS[other.owned.channel], discount_text(each.offer.discount)
        last, active = other.owned.last_day, each.audience.config.active
        if last is not None and (active is None or active.last is None or active.last > last):
            goes_on = f"until {active.last}" if active and active.last else "without an end (`active: { to: … }`)"
            yield f"{channel} offers {offered} until {last}, and the ads go on {goes_on}"
        elif last is None and (late := _later(windows, other.ages)):
            yield f"{channel} offers {offered} until {end_text(other.ages)}, and the ads go on until {end_text(late)}"


def _later(windows: list[Window], ages: Window) -> Window | None:
    """A window that goes on after some ages have ended."""
    if ages.end is None:
        return None
    return next((each for each in windows if each.end is None or each.end > ages.end), None)
