"""A case for every key of the workspace's language."""

from __future__ import annotations

from collections.abc import Mapping

from tests.schema_walk import lint
from tests.schema_walk.apart import apart, apart_in_settings
from tests.schema_walk.case import Case, Condition, Files
from tests.schema_walk.conditions import conditions
from tests.schema_walk.given import (
    BUYERS,
    CROWD,
    DATA,
    SETTINGS,
    THINNED,
    TWO_LISTS,
    definitions,
    settings,
)
from tests.schema_walk.kinds import kinds
from tests.schema_walk.offers import offers, offers_in_settings
from tests.schema_walk.own_tests import own_tests
from tests.schema_walk.sources import CALLED, sources

SUPPRESSION = "segments: { asked: { who: { everyone: true }, purpose: suppression, KEY } }"
AUDIENCE = (
    "segments: { buyers: { who: { event: purchase } }, vips: { who: { attribute: tier, is: vip } } }\naudiences: "
)
EXCLUDING = SETTINGS + "always_exclude: [vips]\n"
SEVERAL_EXCLUSIONS = """\
segments:
  buyers: { who: { event: purchase } }
  vips: { who: { attribute: tier, is: vip } }
  all: { who: { everyone: true } }
audiences: { a: { include: [all], exclude: [buyers, vips] } }
"""
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
    "criteo.email_form": settings(
        "sent", "sha256 }", "md5 }", base=SETTINGS + "criteo: { email_form: sha256 }\n", command="apply"
    ),
    "region": settings("source", "", "region: FR\n", base=CALLED),
    "criteo.calls_per_minute": settings(
        "calls", "{ calls_per_minute: 100 }", "{}", base=SETTINGS + "criteo: { calls_per_minute: 100 }\n"
    ),
    "criteo.sizes": settings(
        "requests",
        "sizes: true",
        "sizes: false",
        base=SETTINGS + "criteo: { sizes: true }\n",
        earlier={"definitions.yaml": BUYERS},
    ),
    "criteo.exclusions": settings(
        "resources",
        "separate",
        "one_list",
        base=SETTINGS + "criteo: { exclusions: separate }\n",
        wanted=f"version: 1\n{SEVERAL_EXCLUSIONS}",
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
    "tests": Case(
        shows="exit",
        command="test",
        file="reconciler.yaml",
        variants=(
            SETTINGS + "segments: { all: { who: { everyone: true } } }\n",
            SETTINGS
            + "segments: { all: { who: { everyone: true } } }\n"
            + "tests: { t: { as_of: 2026-11-21, given: { customers: [] }, expect: { all: 1 } } }\n",
        ),
    ),
    "removed": settings(
        "exit",
        "",
        "removed: { segment.vips: { contents: drain } }\n",
        earlier={"reconciler.yaml": SETTINGS, "definitions.yaml": TWO_LISTS},
    ),
}

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
    "audiences.*.algebra": definitions("resources", f"{AUDIENCE}{{ a: {{ algebra: KEY }} }}", "vips", "buyers"),
    "audiences.*.algebra.and": definitions(
        "resources", f"{AUDIENCE}{{ a: {{ algebra: {{ and: KEY }} }} }}", "[vips]", "[vips, buyers]"
    ),
    "audiences.*.algebra.or": definitions(
        "resources", f"{AUDIENCE}{{ a: {{ algebra: {{ or: KEY }} }} }}", "[vips]", "[vips, buyers]"
    ),
    "audiences.*.algebra.not": definitions(
        "resources", f"{AUDIENCE}{{ a: {{ algebra: {{ not: KEY }} }} }}", "{ not: vips }", "{ not: buyers }"
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
    **{
        f"reconciler.yaml: {key}": case
        for key, case in (
            *WORKSPACE.items(),
            *sources(),
            *lint.of_settings(),
            *apart_in_settings(),
            *offers_in_settings(),
        )
    },
    "reconciler.yaml: guards.max_invalid": MAX_INVALID,
    **{f"definitions: {key}": case for key, case in (*DEFINITIONS.items(), *lint.of_definitions(), *own_tests())},
    **{f"definitions: {key}": case for key, case in (*apart(), *offers(), *kinds())},
}
CONDITIONS: Mapping[str, Condition] = {f"definitions: segments.*.who.{key}": case for key, case in conditions()}
