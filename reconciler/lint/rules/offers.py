"""Rules about offers: no discount before its stage, one offer a person, and ads in step with your own channels."""

from __future__ import annotations

from reconciler.lint.offering import before_stage, collide, not_kept_apart, other_stage, out_of_step, without_stage
from reconciler.lint.rule import Rule
from reconciler.model.lint import Severity

RULES = (
    Rule(
        id="RL401",
        name="discount-before-stage",
        severity=Severity.ERROR,
        what="An audience offers a discount at a stage of `offers` that does not allow it yet.",
        why="""\
Most people who leave a cart come back by themselves within hours. A discount that comes before that is given to those
who would have paid the full price, and teaches them to leave the next cart as well. The ladder in `offers` says when
the team wants to pay for a sale; an ad that offers more, or earlier, undoes it.

An audience with a `touch` is held against that stage, one with a `ladder` alone against the windows of the lists that
it includes: the slice's window, else that of the event that brings somebody in. A stage counts until the next one
begins, and before the first one nothing is allowed.""",
        instead="Offer what the stage allows, include the lists of a later stage, or change what the stage allows.",
        check=before_stage,
        wrong="""\
offers:
  cart:
    stages:
      - { touch: 1, within: hot, discount: none }
      - { touch: 2, within: warm, discount: none }
      - { touch: 3, within: cooling, discount: 10% }
audiences:
  cart-reminder: { include: [carts.warm], offer: { ladder: cart, discount: 10% } }
  cart-voucher: { include: [carts.cooling], offer: { ladder: cart, touch: 2, discount: 10% } }""",
        right="""\
offers:
  cart:
    stages:
      - { touch: 1, within: hot, discount: none }
      - { touch: 2, within: warm, discount: none }
      - { touch: 3, within: cooling, discount: 10% }
audiences:
  cart-reminder: { include: [carts.warm], offer: { ladder: cart, discount: none } }
  cart-voucher: { include: [carts.cooling], offer: { ladder: cart, touch: 3, discount: 10% } }""",
    ),
    Rule(
        id="RL402",
        name="discount-without-stage",
        severity=Severity.WARNING,
        what="An audience offers a discount, and no stage of `offers` says when that is allowed.",
        why="""\
A discount that stands on no ladder was decided once, for one campaign, and is reviewed by nobody when the ladders
change. Whether it comes too early, or is more than the e-mail offers, can't be told.""",
        instead="""\
Name the touch that the ads are. A campaign that stands alone is a ladder of one stage.""",
        check=without_stage,
        wrong="""\
audiences:
  winback: { include: [lapsed], offer: { discount: 15% } }""",
        right="""\
offers:
  winback:
    stages: [ { touch: 1, discount: 15% } ]
audiences:
  winback: { include: [lapsed], offer: { ladder: winback, touch: 1, discount: 15% } }""",
    ),
    Rule(
        id="RL403",
        name="offer-at-another-stage",
        severity=Severity.WARNING,
        what="An audience names a touch, and includes a list of people of another age.",
        why="""\
The touch says at which stage somebody is, and so does the window of the list that she is on. Where they disagree, the
ads of one stage are shown to people of another: a last reminder to somebody who left an hour ago, or a voucher a day
after the e-mail with it has expired.""",
        instead="Name the touch of that age, or include the list of this one.",
        check=other_stage,
        wrong="""\
offers:
  cart:
    stages:
      - { touch: 1, within: hot, discount: none }
      - { touch: 2, within: warm, discount: none }
      - { touch: 3, within: cooling, discount: 10% }
audiences:
  cart-voucher: { include: [carts.warm, carts.cooling], offer: { touch: 3, discount: none } }""",
        right="""\
offers:
  cart:
    stages:
      - { touch: 1, within: hot, discount: none }
      - { touch: 2, within: warm, discount: none }
      - { touch: 3, within: cooling, discount: 10% }
audiences:
  cart-voucher: { include: [carts.cooling], offer: { touch: 3, discount: none } }""",
    ),
    Rule(
        id="RL404",
        name="offers-not-kept-apart",
        severity=Severity.WARNING,
        what="Two audiences offer different discounts, and nothing keeps somebody from being reached by both.",
        why="""\
Whoever sees both offers takes the better one, and has learned that the other was not the last word. That nobody does
must not depend on who happens to be on the lists today.

Two audiences are kept apart when each list of the one is kept from each of the other: they are slices of one segment,
one audience excludes the list, the top-level `none` of one segment names the other, or both stand in a group of
`exclusive`. Audiences whose periods (`active`) have no day in common are apart too. Audiences without `offer`, and
those with the same discount, are not compared. Where the data is read, [RL405](RL405.md) counts instead.""",
        instead="Let the audience whose offer comes second exclude the lists of the other, or use `exclusive`.",
        check=not_kept_apart,
        wrong="""\
offers:
  cart:
    stages:
      - { touch: 1, within: hot, discount: none }
      - { touch: 2, within: warm, discount: none }
      - { touch: 3, within: cooling, discount: 10% }
  winback:
    stages: [ { touch: 1, discount: 15% } ]
audiences:
  cart-voucher: { include: [carts.cooling], offer: { ladder: cart, touch: 3, discount: 10% } }
  winback: { include: [lapsed], offer: { ladder: winback, touch: 1, discount: 15% } }""",
        right="""\
offers:
  cart:
    stages:
      - { touch: 1, within: hot, discount: none }
      - { touch: 2, within: warm, discount: none }
      - { touch: 3, within: cooling, discount: 10% }
  winback:
    stages: [ { touch: 1, discount: 15% } ]
audiences:
  cart-voucher: { include: [carts.cooling], offer: { ladder: cart, touch: 3, discount: 10% } }
  winback: { include: [lapsed], exclude: [carts.cooling], offer: { ladder: winback, touch: 1, discount: 15% } }""",
    ),
    Rule(
        id="RL405",
        name="offers-collide",
        severity=Severity.ERROR,
        what="People are reached by two audiences that offer different discounts.",
        why="""\
Whoever sees both offers takes the better one. The count is of people who are in both audiences as Criteo has them:
on an included list and on no excluded one, also by an address that two people share.

It looks at the audiences that [RL404](RL404.md) finds not to be kept apart. Nobody today is no promise for tomorrow:
without the data RL404 asks for one.""",
        instead="Let the audience whose offer comes second exclude the lists of the other, or use `exclusive`.",
        check=collide,
        reads="data",
        wrong="""\
audiences:
  cart-reminder: { include: [carts], offer: { discount: none } }
  thanks: { include: [buyers], offer: { discount: 15% } }""",
        right="""\
audiences:
  cart-reminder: { include: [carts], offer: { discount: none } }
  thanks: { include: [buyers], exclude: [carts], offer: { discount: 15% } }""",
    ),
    Rule(
        id="RL406",
        name="owned-out-of-step",
        severity=Severity.WARNING,
        what="The ads offer something else than e-mail, SMS or push do at that time, or go on when these have ended.",
        why="""\
The same person reads the e-mail and sees the ad. An ad with less than the e-mail makes the code look like a mistake; an
ad with more makes the e-mail one; and an ad that still shows a code after it has expired ends at customer service.

What a channel offers stands from the beginning of its stage until its `until`, or until its stage ends. It is held
against the ages at which the ads are shown, so an offer of an earlier stage that still stands is found too. Where
`until` is a day, the audience has to end with it (`active`).""",
        instead="Offer the same in all channels for the same time, or change `offers`.",
        check=out_of_step,
        wrong="""\
offers:
  cart:
    stages:
      - { touch: 1, within: hot, discount: none, owned: { email: none, sms: 5% } }
      - { touch: 2, within: 2d..7d, discount: 10%, owned: { email: { discount: 10%, until: 5d } } }
audiences:
  cart-reminder: { include: [carts.hot], offer: { touch: 1, discount: none } }
  cart-voucher: { include: [carts.cooling], offer: { touch: 2, discount: 10% } }""",
        right="""\
offers:
  cart:
    stages:
      - { touch: 1, within: hot, discount: none, owned: { email: none, sms: none } }
      - { touch: 2, within: 2d..7d, discount: 10%, owned: { email: { discount: 10%, until: 7d } } }
audiences:
  cart-reminder: { include: [carts.hot], offer: { touch: 1, discount: none } }
  cart-voucher: { include: [carts.cooling], offer: { touch: 2, discount: 10% } }""",
    ),
)
