"""What segments and audiences are for, as far as they say it: by the workspace's settings, else by their names."""

from __future__ import annotations

import re

from reconciler.lint.subject import Audience, Subject
from reconciler.model.offers import discount_text
from reconciler.model.workspace import SegmentConfig

_DISCOUNT = re.compile(
    r"(?<!no )(?<!without )(?<!without a )\b(vouchers?|coupons?|discounts?|discounted|promo(?: code)?s?|rebates?|"
    r"gutscheine?|rabatte?|bons? de réduction|remises?|[0-9]+ ?% off)\b",
    re.IGNORECASE,
)
_VIPS = re.compile(r"\b(vips?|(best|top|loyal|most valuable) customers?|high value)\b", re.IGNORECASE)
_SEEKERS = re.compile(
    r"\b(discount|coupon|voucher|bargain|deal|promo) ?(seekers?|hunters?|lovers?|buyers?|only)\b", re.IGNORECASE
)


def promised_discount(audience: Audience) -> str | None:
    """How an audience says that its people get a discount: by its `offer`, which decides where there is one, or by a
    word of its name or description. None where it says none.
    """
    config = audience.config
    if config.offer is not None:
        return f"offers {discount_text(config.offer.discount)}" if config.offer.discount else None
    said = ". ".join(filter(None, (config.name or _words(config.key), config.description)))
    found = _DISCOUNT.search(said)
    return f"speaks of a discount (`{found[0]}`)" if found else None


def vips(subject: Subject) -> tuple[SegmentConfig, ...]:
    """The segments of the best customers."""
    return _segments(subject, subject.workspace.lint.vips, _VIPS)


def discount_seekers(subject: Subject) -> tuple[SegmentConfig, ...]:
    """The segments of those who buy when there is a discount."""
    return _segments(subject, subject.workspace.lint.discount_seekers, _SEEKERS)


def _segments(subject: Subject, named: tuple[str, ...] | None, usual: re.Pattern[str]) -> tuple[SegmentConfig, ...]:
    if named is not None:
        return tuple(subject.segments[key] for key in named if key in subject.segments)
    found = (each for each in subject.workspace.segments if usual.search(f"{_words(each.key)}. {each.name or ''}"))
    return tuple(found)


def _words(key: str) -> str:
    return key.replace("-", " ")
