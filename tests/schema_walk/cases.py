"""A case for every key of the workspace's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tests.schema_walk.case import Case, Condition, Files, Shown

CUSTOMERS = """\
customer_id,other_id,email,email_2,tier,score,consent,answer
k1,x1,k1@example.com,,gold,5,yes,no
k2,x2,k2@example.com,second.k2@example.com,vip,10,yes,no
k3,x3,k3@example.com,,vip plus,15,no,yes
k4,x4,k4@example.com,,,,,yes
k5,x5,,second.k5@example.com,silver,20,yes,yes
"""
MORE_CUSTOMERS = CUSTOMERS + "k6,x6,k6@example.com,,gold,9,yes,yes\n"
EVENTS = """\
customer_id,buyer,event,action,occurred_at,seen_at,amount,cents,category,coupon
k1,k2,purchase,page_viewed,2026-11-21T17:00:00Z,2026-11-21T17:00:00Z,10,1000,refill,
k1,k2,purchase,page_viewed,2026-11-19T18:00:00Z,2026-10-19T18:00:00Z,5,0,refill,
k2,k2,purchase,page_viewed,2026-11-18T18:00:00Z,2026-10-18T18:00:00Z,20,0,shoes,X1
k2,k2,purchase,purchase,2026-11-11T18:00:00Z,2026-10-11T18:00:00Z,30,0,shoes,X3
k3,k2,purchase,page_viewed,2026-11-20T12:00:00Z,2026-10-20T12:00:00Z,15,1500,hats,Y2
k1,k2,cart_added,page_viewed,2026-11-21T16:00:00Z,2026-11-21T16:00:00Z,1,0,refill,
k2,k2,cart_added,page_viewed,2026-11-21T16:00:00Z,2026-11-21T16:00:00Z,1,0,shoes,
k3,k2,cart_added,page_viewed,2026-11-21T13:00:00Z,2026-11-21T13:00:00Z,1,0,hats,
k4,k2,cart_added,page_viewed,2026-11-20T12:00:00Z,2026-11-20T12:00:00Z,1,0,hats,
k5,k2,page_viewed,page_viewed,2026-11-21T17:00:00Z,2026-11-21T17:00:00Z,,,,
"""
MORE_EVENTS = EVENTS + "k4,k2,purchase,page_viewed,2026-11-20T12:00:00Z,2026-11-20T12:00:00Z,1,0,hats,\n"
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
    )


SUPPRESSION = "segments: { asked: { who: { everyone: true }, purpose: suppression, KEY } }"
AUDIENCE = (
    "segments: { buyers: { who: { event: purchase } }, vips: { who: { attribute: tier, is: vip } } }\naudiences: "
)
EXCLUDING = SETTINGS + "always_exclude: [vips]\n"
CONSENT = "identifiers: { email: email }, consent: { column: consent"
ASKS_CONSENT = SETTINGS.replace("identifiers: { email: email }", CONSENT + " }")
GONE: Files = {"customers.csv": THINNED}
EVERYONE = "version: 1\nsegments: { all: { who: { everyone: true } } }\n"
CROWDED: Files = {"customers.csv": CROWD}
WITHOUT_EVENTS = "".join(line + "\n" for line in SETTINGS.splitlines() if "events" not in line)
PATIENT = WITHOUT_EVENTS + "guards: { max_gone: 10%, min_count: 0 }\n"
NARROWED = "version: 1\nsegments: { buyers: { who: { event: purchase, within: 2h } } }\n"

WORKSPACE: Mapping[str, Case] = {
    "version": settings("exit", "version: 1", "version: 2"),
    "workspace": settings(
        "exit", "workspace: acme-retention", "workspace: other", earlier={"reconciler.yaml": SETTINGS}
    ),
    "advertiser": settings("exit", 'advertiser: "42"', 'advertiser: "43"', earlier={"reconciler.yaml": SETTINGS}),
    "time_zone": settings(
        "members",
        "",
        "time_zone: Pacific/Auckland\n",
        wanted="version: 1\nsegments: { buyers: { who: { event: purchase }, active: { from: 2026-11-22 } } }\n",
    ),
    "criteo": settings("calls", "", "criteo: { calls_per_minute: 100 }\n"),
    "criteo.api_version": settings(
        "requests", '"2026-07"', '"2026-01"', base=SETTINGS + 'criteo: { api_version: "2026-07" }\n'
    ),
    "criteo.calls_per_minute": settings(
        "calls", "{ calls_per_minute: 100 }", "{}", base=SETTINGS + "criteo: { calls_per_minute: 100 }\n"
    ),
    "source": settings("exit", SETTINGS[SETTINGS.index("source:") :], ""),
    "source.engine": settings("exit", "source:\n", "source:\n  engine: spark\n"),
    "source.customers": settings("exit", SETTINGS.splitlines(keepends=True)[4], ""),
    "source.customers.table": settings("source", "table: customers.csv", "table: more_customers.csv"),
    "source.customers.key": settings("members", "key: customer_id", "key: other_id"),
    "source.customers.identifiers": settings("exit", ", identifiers: { email: email }", ""),
    "source.customers.identifiers.email": settings("members", "email: email", "email: email_2"),
    "source.customers.identifiers.email.columns": settings(
        "members", "[email]", "[email, email_2]", base=SETTINGS.replace("email: email", "email: { columns: [email] }")
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
    "state": settings("exit", "", "state: elsewhere\n", earlier={"reconciler.yaml": SETTINGS}),
    "guards": settings(
        "blocks",
        "",
        "guards: { max_gone: 90% }\n",
        base=WITHOUT_EVENTS,
        wanted=EVERYONE,
        earlier=CROWDED,
        files=GONE,
    ),
    "guards.max_gone": settings(
        "blocks",
        "max_gone: 10%",
        "max_gone: 90%",
        base=PATIENT,
        wanted=EVERYONE,
        earlier=CROWDED,
        files=GONE,
    ),
    "guards.max_changed": settings(
        "blocks",
        "max_changed: 10%",
        "max_changed: 90%",
        base=SETTINGS + "guards: { max_changed: 10%, min_count: 0 }\n",
        wanted=NARROWED,
        earlier={"definitions.yaml": BUYERS},
    ),
    "guards.min_count": settings(
        "blocks",
        "min_count: 0",
        "min_count: 2",
        base=SETTINGS + "guards: { max_changed: 10%, min_count: 0 }\n",
        wanted=NARROWED,
        earlier={"definitions.yaml": BUYERS},
    ),
    "always_exclude": settings(
        "resources", "", "always_exclude: [vips]\n", wanted=f"version: 1\n{AUDIENCE}{{ a: {{ include: [buyers] }} }}\n"
    ),
    "windows": settings(
        "exit",
        "",
        "windows: { fresh: 2h }\n",
        wanted="version: 1\nsegments: { buyers: { who: { event: purchase, within: fresh } } }\n",
    ),
    "segments": settings("members", "", "segments: { vips: { who: { attribute: tier, is: vip } } }\n"),
    "audiences": settings("resources", "", "audiences: { a: { include: [buyers] } }\n"),
    "removed": settings(
        "exit",
        "",
        "removed: { segment.vips: { contents: drain } }\n",
        earlier={"reconciler.yaml": SETTINGS, "definitions.yaml": TWO_LISTS},
    ),
}

EVENTS_KEYS: Mapping[str, tuple[Shown, str, str]] = {
    "table": ("source", "table: events.csv", "table: more_events.csv"),
    "customer": ("members", "customer: customer_id", "customer: buyer"),
    "name": ("members", "name: event", "name: action"),
    "time": ("members", "time: occurred_at", "time: seen_at"),
    "fresh_within": ("blocks", "time: occurred_at", "time: occurred_at, fresh_within: { purchase: 30m }"),
    "fresh_within.*": ("blocks", "purchase: 6h", "purchase: 30m"),
}


def _events(form: str) -> Iterator[tuple[str, Case]]:
    """Events as one source, or (`[]`) as a list of one."""
    plain = "{ table: events.csv, customer: customer_id, name: event, time: occurred_at }"
    listed = SETTINGS.replace(plain, f"[ {plain} ]") if form else SETTINGS
    watched = listed.replace("time: occurred_at", "time: occurred_at, fresh_within: { purchase: 6h }")
    recent = "version: 1\nsegments: { buyers: { who: { event: purchase, within: 7d } } }\n"
    for name, (shows, old, new) in EVENTS_KEYS.items():
        base = watched if name.endswith("*") else listed
        yield f"source.events{form}.{name}", settings(shows, old, new, base=base, wanted=recent)


COMPARISONS: Mapping[str, tuple[str, str, str]] = {
    "is": ("tier", "vip", "bronze"),
    "not": ("tier", "vip", "bronze"),
    "at_least": ("score", "10", "11"),
    "at_most": ("score", "10", "9"),
    "more_than": ("score", "10", "9"),
    "less_than": ("score", "10", "11"),
    "contains": ("tier", "vip", "plus"),
    "starts_with": ("tier", "vip", "vip p"),
    "exists": ("tier", "true", "false"),
}
PROPERTIES: Mapping[str, tuple[str, str, str]] = {
    **COMPARISONS,
    "is": ("category", "refill", "[refill, shoes]"),
    "not": ("category", "refill", "belts"),
    "at_least": ("amount", "30", "31"),
    "at_most": ("amount", "5", "4"),
    "more_than": ("amount", "30", "29"),
    "less_than": ("amount", "5", "6"),
    "contains": ("category", "efil", "belt"),
    "starts_with": ("category", "ha", "a"),
    "exists": ("coupon", "true", "false"),
}
COUNTS: Mapping[str, tuple[str, str]] = {
    "is": ("2", "1"),
    "not": ("2", "1"),
    "at_least": ("2", "1"),
    "at_most": ("2", "1"),
    "more_than": ("1", "2"),
    "less_than": ("1", "2"),
}
SUMS: Mapping[str, tuple[str, str]] = {
    "is": ("15", "16"),
    "not": ("15", "16"),
    "at_least": ("15", "16"),
    "at_most": ("15", "14"),
    "more_than": ("15", "14"),
    "less_than": ("15", "16"),
}


def _conditions() -> Iterator[tuple[str, Condition]]:
    vip, gold = "{ attribute: tier, is: vip }", "{ attribute: tier, is: gold }"
    yield "all", who("{ KEY }", f"all: [ {vip} ]", f"all: [ {vip}, {{ event: page_viewed }} ]")
    yield "any", who("{ KEY }", f"any: [ {vip} ]", f"any: [ {vip}, {gold} ]")
    yield "none", who("{ all: [ { everyone: true } ], KEY }", f"none: [ {vip} ]", f"none: [ {vip}, {gold} ]")
    yield "event", who("{ event: KEY }", "purchase", "page_viewed")
    yield "where", who("{ event: purchase KEY }", "", ", where: { category: shoes }")
    yield "where.*", who("{ event: purchase, where: { category: { exists: true } KEY } }", "", ", coupon: X1")
    yield "within", who("{ event: purchase KEY }", "", ", within: 2h")
    yield "times", who("{ event: purchase KEY }", "", ", times: 2")
    yield "latest", who("{ event: [purchase, cart_added], within: 25h..30d KEY }", "", ", latest: true")
    yield "not_followed_by", who("{ event: cart_added, latest: true KEY }", "", ", not_followed_by: purchase")
    yield "total", who("{ event: purchase KEY }", "", ", total: { of: amount, at_least: 20 }")
    yield "total.of", who("{ event: purchase, total: { of: KEY, at_least: 20 } }", "amount", "cents")
    yield "attribute", who("{ attribute: KEY, exists: true }", "tier", "email_2")
    for name, (column, one, other) in COMPARISONS.items():
        yield name, who(f"{{ attribute: {column}, {name}: KEY }}", one, other)
    for name, (column, one, other) in PROPERTIES.items():
        text = f"{{ event: purchase, where: {{ {column}: {{ {name}: KEY }} }} }}"
        yield f"where.*.{name}", who(text, one, other)
    for name, (one, other) in COUNTS.items():
        yield f"times.{name}", who(f"{{ event: purchase, times: {{ {name}: KEY }} }}", one, other)
    for name, (one, other) in SUMS.items():
        yield f"total.{name}", who(f"{{ event: purchase, total: {{ of: amount, {name}: KEY }} }}", one, other)


DEFINITIONS: Mapping[str, Case] = {
    "version": Case(
        shows="exit",
        file="definitions.yaml",
        variants=(BUYERS, BUYERS.replace("version: 1", "version: 2")),
        files={**DATA, "reconciler.yaml": SETTINGS},
    ),
    "windows": definitions(
        "exit", "segments: { chosen: { who: { event: purchase, within: fresh } } }\nKEY", "", "windows: { fresh: 2h }"
    ),
    "windows.*": definitions(
        "members",
        "windows: { fresh: KEY }\nsegments: { chosen: { who: { event: purchase, within: fresh } } }",
        "2h",
        "2d",
    ),
    "segments": definitions("members", "KEY", "", "segments: { chosen: { who: { event: purchase } } }"),
    "segments.*": definitions(
        "members",
        "segments: { chosen: { who: { event: purchase } } KEY }",
        "",
        ", vips: { who: { attribute: tier, is: vip } }",
    ),
    "segments.*.name": definitions(
        "resources", "segments: { chosen: { name: KEY, who: { event: purchase } } }", "Buyers", "People who bought"
    ),
    "segments.*.description": definitions(
        "resources", "segments: { chosen: { description: KEY, who: { event: purchase } } }", "They bought", "Buyers"
    ),
    "segments.*.owner": definitions(
        "resources", "segments: { chosen: { owner: KEY, who: { event: purchase } } }", "retention", "media"
    ),
    "segments.*.publish": definitions(
        "resources", "segments: { chosen: { publish: KEY, who: { event: purchase } } }", "true", "false"
    ),
    "segments.*.slices": definitions(
        "members",
        "windows: { hot: 4h, warm: 4h..24h }\n"
        "segments: { chosen: { slices: KEY, who: { event: cart_added, latest: true, within: slice } } }",
        "[hot]",
        "[hot, warm]",
    ),
    "segments.*.who": definitions(
        "members", "segments: { chosen: { who: KEY } }", "{ event: purchase }", "{ attribute: tier, is: vip }"
    ),
    "segments.*.who.segment": definitions(
        "members",
        "segments: { buyers: { publish: false, who: { event: purchase } }, "
        "viewers: { publish: false, who: { event: page_viewed } }, chosen: { who: { segment: KEY } } }",
        "buyers",
        "viewers",
    ),
    "segments.*.who.everyone": definitions("exit", "segments: { chosen: { who: { everyone: KEY } } }", "true", "false"),
    "segments.*.active": definitions(
        "members", "segments: { chosen: { who: { event: purchase } KEY } }", "", ", active: { to: 2026-11-01 }"
    ),
    "segments.*.active.from": definitions(
        "members",
        "segments: { chosen: { who: { event: purchase }, active: { from: KEY } } }",
        "2026-11-21",
        "2026-11-22",
    ),
    "segments.*.active.to": definitions(
        "members", "segments: { chosen: { who: { event: purchase }, active: { to: KEY } } }", "2026-11-21", "2026-11-20"
    ),
    "segments.*.purpose": definitions(
        "exit",
        "segments: { chosen: { who: { event: purchase }, reason: They asked KEY } }",
        "",
        ", purpose: suppression",
    ),
    "segments.*.reason": definitions("resources", SUPPRESSION, "reason: They asked", "reason: The law says so"),
    "segments.*.expected_members": definitions(
        "blocks", "segments: { chosen: { who: { event: purchase } KEY } }", "", ", expected_members: { at_least: 100 }"
    ),
    "segments.*.expected_members.at_least": definitions(
        "blocks", "segments: { chosen: { who: { event: purchase }, expected_members: { at_least: KEY } } }", "3", "4"
    ),
    "segments.*.expected_members.at_most": definitions(
        "blocks", "segments: { chosen: { who: { event: purchase }, expected_members: { at_most: KEY } } }", "3", "2"
    ),
    "segments.*.allow_empty": definitions(
        "blocks",
        "segments: { buyers: { who: { event: returned }, allow_empty: KEY } }",
        "true",
        "false",
        earlier={"definitions.yaml": BUYERS},
    ),
    "audiences": definitions(
        "resources", AUDIENCE.replace("audiences: ", "KEY"), "", "audiences: { a: { include: [vips] } }"
    ),
    "audiences.*": definitions(
        "resources", f"{AUDIENCE}{{ a: {{ include: [vips] }} KEY }}", "", ", b: { include: [buyers] }"
    ),
    "audiences.*.name": definitions(
        "resources", f"{AUDIENCE}{{ a: {{ include: [vips], name: KEY }} }}", "VIPs", "Best"
    ),
    "audiences.*.description": definitions(
        "resources", f"{AUDIENCE}{{ a: {{ include: [vips], description: KEY }} }}", "Our best", "The best"
    ),
    "audiences.*.owner": definitions(
        "resources", f"{AUDIENCE}{{ a: {{ include: [vips], owner: KEY }} }}", "retention", "media"
    ),
    "audiences.*.include": definitions("resources", f"{AUDIENCE}{{ a: {{ include: KEY }} }}", "[vips]", "[buyers]"),
    "audiences.*.exclude": definitions(
        "resources", f"{AUDIENCE}{{ a: {{ include: [vips], exclude: KEY }} }}", "[]", "[buyers]"
    ),
    "audiences.*.always_exclude": definitions(
        "resources",
        f"{AUDIENCE}{{ a: {{ include: [buyers] KEY }} }}",
        "",
        ", always_exclude: { except: { vips: They like it } }",
        settings=EXCLUDING,
    ),
    "audiences.*.always_exclude.except": definitions(
        "exit",
        f"{AUDIENCE}{{ a: {{ include: [buyers], always_exclude: {{ KEY }} }} }}",
        "except: { vips: They like it }",
        "",
        settings=EXCLUDING,
    ),
    "audiences.*.always_exclude.except.*": definitions(
        "resources",
        f"{AUDIENCE}{{ a: {{ include: [buyers], always_exclude: {{ except: {{ vips: KEY }} }} }} }}",
        "They like it",
        "It sells",
        settings=EXCLUDING,
    ),
    "audiences.*.ad_sets": definitions(
        "steps", f"{AUDIENCE}{{ a: {{ include: [vips], ad_sets: KEY }} }}", '["700123"]', '["700124"]'
    ),
    "audiences.*.active": definitions(
        "steps",
        f'{AUDIENCE}{{ a: {{ include: [vips], ad_sets: ["700123"] KEY }} }}',
        "",
        ", active: { from: 2026-12-01 }",
    ),
    "audiences.*.active.from": definitions(
        "steps",
        f'{AUDIENCE}{{ a: {{ include: [vips], ad_sets: ["700123"], active: {{ from: KEY }} }} }}',
        "2026-11-21",
        "2026-11-22",
    ),
    "audiences.*.active.to": definitions(
        "steps",
        f'{AUDIENCE}{{ a: {{ include: [vips], ad_sets: ["700123"], active: {{ to: KEY }} }} }}',
        "2026-11-21",
        "2026-11-20",
    ),
    "removed": definitions(
        "exit",
        "segments: { buyers: { who: { event: purchase } } }\nKEY",
        "",
        "removed: { segment.vips: { contents: drain } }",
        earlier={"definitions.yaml": TWO_LISTS},
    ),
    "removed.*": definitions(
        "exit",
        "segments: { other: { who: { everyone: true } } }\nremoved: { segment.buyers: { contents: drain } KEY }",
        "",
        ", segment.vips: { contents: drain }",
        earlier={"definitions.yaml": TWO_LISTS},
    ),
    "removed.*.contents": definitions(
        "steps",
        "segments: { buyers: { who: { event: purchase } } }\nremoved: { segment.vips: { contents: KEY } }",
        "drain",
        "keep",
        earlier={"definitions.yaml": TWO_LISTS},
    ),
}

MAX_INVALID = Case(
    shows="exit",
    file="reconciler.yaml",
    variants=(
        WITHOUT_EVENTS + "guards: { max_invalid: 50% }\n",
        WITHOUT_EVENTS + "guards: { max_invalid: 90% }\n",
    ),
    files={**CROWDED, "definitions.yaml": EVERYONE},
    command="apply",
)
"""Runs on a Criteo that calls four identifiers of five invalid."""

CASES: Mapping[str, Case] = {
    **{f"reconciler.yaml: {key}": case for key, case in (*WORKSPACE.items(), *_events(""), *_events("[]"))},
    "reconciler.yaml: guards.max_invalid": MAX_INVALID,
    **{f"definitions: {key}": case for key, case in DEFINITIONS.items()},
}
CONDITIONS: Mapping[str, Condition] = {f"definitions: segments.*.who.{key}": case for key, case in _conditions()}

_WHO = "definitions: segments.*.who"
TO_COME: tuple[str, ...] = (
    *(f"reconciler.yaml: {key}" for key in ("criteo.email_form", "region", "source.schema", "source.master")),
    "reconciler.yaml: source.customers.table.query",
    "reconciler.yaml: source.customers.identifiers.email.hashed",
    "reconciler.yaml: source.customers.identifiers.phoneNumber",
    "reconciler.yaml: source.customers.same_person",
    *(
        f"reconciler.yaml: source.events{form}.{key}"
        for form in ("", "[]")
        for key in ("table.query", "identifiers", "name.is")
    ),
    *(f"{_WHO}.where.*.{key}" for key in ("within", "older_than", "in_next")),
    *(f"{_WHO}.{key}" for key in ("times.same", "first", "followed_by", "total.measure", "ratio")),
    *(f"{_WHO}.{key}" for key in ("older_than", "in_next", "sample", "query", "keys")),
)
"""Keys that are read and checked, with all below them, before the engine does what they say. To be empty again."""
