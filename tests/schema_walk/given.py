"""What the cases have in common: a small shop, and ways to say a workspace in two versions."""

from __future__ import annotations

from hashlib import sha256
from typing import Literal

from tests.schema_walk.case import Case, Condition, Files, Shown


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


CUSTOMERS = f"""\
customer_id,other_id,email,email_2,tier,score,consent,answer,household,joined,renews,phone,mobile,digest,phone_digest
k1,x1,k1@example.com,,gold,5,yes,no,h@example.com,2026-11-20,2026-11-25,0612345671,,{digest("k1")},{digest("1")}
k2,x2,k2@example.com,second.k2@example.com,vip,10,yes,no,,2026-10-01,2026-12-30,0612345672,+33612345682,,
k3,x3,k3@example.com,,vip plus,15,no,yes,h@example.com,2025-01-01,2026-11-01,+33612345673,+33612345683,,
k4,x4,k4@example.com,,,,,yes,,,,,+33612345684,,
k5,x5,,second.k5@example.com,silver,20,yes,yes,,2026-11-01,,,,,
"""
MORE_CUSTOMERS = CUSTOMERS + "k6,x6,k6@example.com,,gold,9,yes,yes,,,,,,,\n"
EVENTS = """\
customer_id,buyer,event,action,occurred_at,seen_at,amount,cents,category,coupon,due_at
k1,k2,purchase,page_viewed,2026-11-21T17:00:00Z,2026-11-21T17:00:00Z,10,1000,refill,,2026-11-25T00:00:00Z
k1,k2,purchase,page_viewed,2026-11-19T18:00:00Z,2026-10-19T18:00:00Z,5,0,refill,,2026-11-25T00:00:00Z
k2,k2,purchase,page_viewed,2026-11-18T18:00:00Z,2026-10-18T18:00:00Z,20,0,shoes,X1,2026-12-30T00:00:00Z
k2,k2,purchase,purchase,2026-11-11T18:00:00Z,2026-10-11T18:00:00Z,30,0,shoes,X3,2026-12-30T00:00:00Z
k3,k2,purchase,page_viewed,2026-11-20T12:00:00Z,2026-10-20T12:00:00Z,15,1500,hats,Y2,
k1,k2,cart_added,page_viewed,2026-11-21T16:00:00Z,2026-11-21T16:00:00Z,1,0,refill,,2026-11-25T00:00:00Z
k2,k2,cart_added,page_viewed,2026-11-21T16:00:00Z,2026-11-21T16:00:00Z,1,0,shoes,,2026-12-30T00:00:00Z
k3,k2,cart_added,page_viewed,2026-11-21T13:00:00Z,2026-11-21T13:00:00Z,1,0,hats,,
k4,k2,cart_added,page_viewed,2026-11-20T12:00:00Z,2026-11-20T12:00:00Z,1,0,hats,,
k5,k2,page_viewed,page_viewed,2026-11-21T17:00:00Z,2026-11-21T17:00:00Z,,,,,
"""
GUESTS = f"""\
customer_id,event,occurred_at,mail,mail_2,phone,mobile,digest,phone_digest
,guest_order,2026-11-21T17:00:00Z,k4@example.com,k1@example.com,0612345671,+33612345672,{digest("k1@example.com")},{
    digest("33612345671")
}
,guest_order,2026-11-21T17:00:00Z,,k2@example.com,,+33612345673,,
"""
MORE_EVENTS = EVENTS + "k4,k2,purchase,page_viewed,2026-11-20T12:00:00Z,2026-11-20T12:00:00Z,1,0,hats,,\n"
SETTINGS = """\
version: 1
workspace: acme-retention
advertiser: "42"
source:
  customers: { table: customers.csv, key: customer_id, identifiers: { email: email } }
  events: { table: events.csv, customer: customer_id, name: event, time: occurred_at }
"""
BUYERS = "version: 1\nsegments: { buyers: { who: { event: purchase } } }\n"
TWO_LISTS = (
    "version: 1\nsegments: { buyers: { who: { event: purchase } }, vips: { who: { attribute: tier, is: vip } } }\n"
)
MANY = 150
CROWD = "customer_id,email\n" + "".join(f"c{n},person{n}@example.com\n" for n in range(MANY))
THINNED = "customer_id,email\n" + "".join(f"c{n},person{n}@example.com\n" for n in range(MANY - 60))
DATA: Files = {
    "customers.csv": CUSTOMERS,
    "more_customers.csv": MORE_CUSTOMERS,
    "events.csv": EVENTS,
    "more_events.csv": MORE_EVENTS,
    "guests.csv": GUESTS,
    "panel.csv": "customer_id\nk1\nk2\n",
    "jury.csv": "customer_id\nk3\n",
    "buyers.sql": "SELECT customer_id FROM events WHERE event = 'purchase'",
    "vips.sql": "SELECT customer_id FROM customers WHERE tier = 'vip'",
    "customers.sql": "SELECT * FROM 'customers.csv'",
    "few_customers.sql": "SELECT * FROM 'customers.csv' WHERE tier <> 'vip'",
    "events.sql": "SELECT * FROM 'events.csv'",
    "few_events.sql": "SELECT * FROM 'events.csv' WHERE event = 'purchase'",
}


def definitions(
    shows: Shown, text: str, one: str, other: str, *, settings: str = SETTINGS, earlier: Files | None = None
) -> Case:
    """Two versions of `definitions.yaml`: `KEY` in the text stands for one, or for the other."""
    variants = (f"version: 1\n{text.replace('KEY', one)}\n", f"version: 1\n{text.replace('KEY', other)}\n")
    return Case(
        shows=shows,
        file="definitions.yaml",
        variants=variants,
        files={**DATA, "reconciler.yaml": settings},
        earlier=earlier,
    )


def who(text: str, one: str, other: str) -> Condition:
    """Two versions of the `who` of a segment."""
    return Condition(variants=(text.replace("KEY", one), text.replace("KEY", other)))


def settings(
    shows: Shown,
    old: str,
    new: str,
    *,
    base: str = SETTINGS,
    wanted: str = BUYERS,
    earlier: Files | None = None,
    files: Files | None = None,
    command: Literal["plan", "apply"] = "plan",
) -> Case:
    """`reconciler.yaml` as it is, and with `new` in the place of `old`, or at its end where there is no `old`."""
    assert base.count(old) == 1 or not old
    other = base.replace(old, new) if old else base + new
    return Case(
        shows=shows,
        file="reconciler.yaml",
        variants=(base, other),
        files={**DATA, "definitions.yaml": wanted, **(files or {})},
        earlier=earlier,
        command=command,
    )
