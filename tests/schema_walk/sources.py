"""A case for every key of `source`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tests.schema_walk.case import Case, Shown
from tests.schema_walk.given import SETTINGS, settings

EVENTS_KEYS: Mapping[str, tuple[Shown, str, str]] = {
    "table": ("source", "table: events.csv", "table: more_events.csv"),
    "customer": ("members", "customer: customer_id", "customer: buyer"),
    "name": ("members", "name: event", "name: action"),
    "name.is": ("exit", "name: { is: purchase }", "name: { is: page_viewed }"),
    "table.query": ("source", "query: events.sql", "query: few_events.sql"),
    "time": ("members", "time: occurred_at", "time: seen_at"),
    "fresh_within": ("blocks", "time: occurred_at", "time: occurred_at, fresh_within: { purchase: 30m }"),
    "fresh_within.*": ("blocks", "purchase: 6h", "purchase: 30m"),
}


CONSENT = "identifiers: { email: email }, consent: { column: consent"
ASKS_CONSENT = SETTINGS.replace("identifiers: { email: email }", CONSENT + " }")

CALLED = SETTINGS.replace("identifiers: { email: email }", "identifiers: { email: email, phoneNumber: phone }")
HOUSEHOLDS = SETTINGS.replace("email: email", "email: [email, household]")
DIGESTS = SETTINGS.replace("email: email", "email: { columns: [digest], hashed: sha256 }")
OFTEN = "version: 1\nsegments: { buyers: { who: { event: purchase, times: 3 } } }\n"
GUESTS = "version: 1\nsegments: { guests: { who: { event: guest_order } } }\n"

SOURCE: Mapping[str, Case] = {
    "source": settings("exit", SETTINGS[SETTINGS.index("source:") :], ""),
    "source.engine": settings("exit", "source:\n", "source:\n  engine: spark\n"),
    "source.schema": settings("exit", "source:\n", "source:\n  schema: ours\n"),
    "source.master": settings("exit", "source:\n", "source:\n  master: local[1]\n"),
    "source.customers": settings("exit", SETTINGS.splitlines(keepends=True)[4], ""),
    "source.customers.table": settings("source", "table: customers.csv", "table: more_customers.csv"),
    "source.customers.table.query": settings(
        "source",
        "query: customers.sql",
        "query: few_customers.sql",
        base=SETTINGS.replace("customers.csv", "{ query: customers.sql }"),
    ),
    "source.customers.key": settings("members", "key: customer_id", "key: other_id"),
    "source.customers.identifiers": settings("exit", ", identifiers: { email: email }", ""),
    "source.customers.identifiers.email": settings("members", "email: email", "email: email_2"),
    "source.customers.identifiers.email.columns": settings(
        "members", "[email]", "[email, email_2]", base=SETTINGS.replace("email: email", "email: { columns: [email] }")
    ),
    "source.customers.identifiers.email.hashed": settings("exit", ", hashed: sha256", "", base=DIGESTS),
    "source.customers.same_person": settings(
        "members", "[email, household] }", "[email, household] }, same_person: household", base=HOUSEHOLDS, wanted=OFTEN
    ),
    "source.customers.consent": settings("steps", "identifiers: { email: email }", CONSENT + " }"),
    "source.customers.consent.column": settings("steps", "column: consent", "column: answer", base=ASKS_CONSENT),
    "source.customers.consent.missing": settings(
        "source", "column: consent", "column: consent, missing: refuse", base=ASKS_CONSENT
    ),
    "source.events": settings(
        "source",
        SETTINGS.splitlines(keepends=True)[5],
        "",
        wanted="version: 1\nsegments: { vips: { who: { attribute: tier, is: vip } } }\n",
    ),
}


def sources() -> Iterator[tuple[str, Case]]:
    """What a workspace says of its data, at every place where it can be said."""
    yield from SOURCE.items()
    yield from _phones()
    for form in ("", "[]"):
        yield from _events(form)
        yield from _guests(form)


def _events(form: str) -> Iterator[tuple[str, Case]]:
    """Events as one source, or (`[]`) as a list of one."""
    plain = "{ table: events.csv, customer: customer_id, name: event, time: occurred_at }"
    listed = SETTINGS.replace(plain, f"[ {plain} ]") if form else SETTINGS
    bases = {
        "fresh_within.*": listed.replace("time: occurred_at", "time: occurred_at, fresh_within: { purchase: 6h }"),
        "name.is": listed.replace("name: event", "name: { is: purchase }"),
        "table.query": listed.replace("events.csv", "{ query: events.sql }"),
    }
    recent = "version: 1\nsegments: { buyers: { who: { event: purchase, within: 7d } } }\n"
    for name, (shows, old, new) in EVENTS_KEYS.items():
        yield f"source.events{form}.{name}", settings(shows, old, new, base=bases.get(name, listed), wanted=recent)


PHONES: Mapping[str, tuple[Shown, str, str, str]] = {
    "": ("source", "KEY", "phone", "mobile"),
    ".columns": ("source", "{ columns: KEY }", "[phone]", "[phone, mobile]"),
    ".columns[].column": ("source", "{ columns: [{ column: KEY }] }", "phone", "mobile"),
    ".columns[].region": ("source", "{ columns: [{ column: phone, region: KEY }] }", "FR", "BE"),
    ".hashed": ("exit", "{ columns: [phone_digest] KEY }", ", hashed: sha256", ""),
    ".region": ("source", "{ columns: [phone], region: KEY }", "FR", "BE"),
    "[].column": ("source", "[{ column: KEY }]", "phone", "mobile"),
    "[].region": ("source", "[{ column: phone, region: KEY }]", "FR", "BE"),
}
"""By the key below `phoneNumber`: what it says, with `KEY` in two versions."""


def _phones() -> Iterator[tuple[str, Case]]:
    for key, (shows, text, one, other) in PHONES.items():
        told = f"phoneNumber: {text}"
        base = SETTINGS.replace("email: email", told.replace("KEY", one))
        case = settings(shows, told.replace("KEY", one), told.replace("KEY", other), base=base)
        yield f"source.customers.identifiers.phoneNumber{key}", case


def _guests(form: str) -> Iterator[tuple[str, Case]]:
    """What guests leave finds a person, by e-mail address or by telephone number."""
    one_source = "{ table: guests.csv, customer: customer_id, name: event, time: occurred_at TOLD }"
    events = f"[ {one_source} ]" if form else one_source
    lines = CALLED.replace("phoneNumber: phone", "phoneNumber: { columns: [phone], region: FR }").splitlines()
    base = "\n".join([*lines[:-1], f"  events: {events}", ""])

    def case(shows: Shown, told: str, one: str, other: str) -> Case:
        first, second = (base.replace("TOLD", told.replace("KEY", each)) for each in (one, other))
        return replace(settings(shows, "", "", wanted=GUESTS), variants=(first, second))

    at = f"source.events{form}.identifiers"
    yield at, case("members", "KEY", "", ", identifiers: { email: mail }")
    yield f"{at}.email", case("members", ", identifiers: { email: KEY }", "mail", "mail_2")
    columns = ", identifiers: { email: { columns: KEY } }"
    yield f"{at}.email.columns", case("members", columns, "[mail]", "[mail, mail_2]")
    hashed = ", identifiers: { email: { columns: [digest] KEY } }"
    yield f"{at}.email.hashed", case("exit", hashed, ", hashed: sha256", "")
    for key, (shows, text, one, other) in PHONES.items():
        looks: Shown = "exit" if shows == "exit" else "members"
        yield f"{at}.phoneNumber{key}", case(looks, f", identifiers: {{ phoneNumber: {text} }}", one, other)
