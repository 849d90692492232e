"""A case for every key of lint: what a plan says of it."""

from __future__ import annotations

from collections.abc import Iterator

from tests.schema_walk.case import Case
from tests.schema_walk.given import DATA, SETTINGS, definitions, settings

OWN = "segments: { buyers: { who: { event: purchase }KEY } }"
AUDIENCE = "segments: { buyers: { who: { event: purchase } } }\naudiences: { all: { include: [buyers]KEY } }"
IGNORING = ", lint: { ignore: { missing-owner: Ours } }"


def of_settings() -> Iterator[tuple[str, Case]]:
    """The keys of `lint` in reconciler.yaml."""
    yield "lint", settings("lint", "", "lint: { select: [RL501] }\n")
    for key, one, other in (
        ("select", "select: [RL501]", "select: [RL502]"),
        ("ignore", "ignore: { RL501: Ours }", "ignore: { RL502: Ours }"),
        ("ignore.*", "RL501: Ours", "RL501: Theirs"),
        ("severity", "severity: { RL501: info }", "severity: { RL502: info }"),
        ("severity.*", "RL501: info", "RL501: error"),
        ("names", 'names: { segments: "X.*" }', 'names: { audiences: "X.*" }'),
        ("names.segments", 'segments: "X.*"', 'segments: ".*"'),
        ("names.audiences", 'audiences: "X.*"', 'audiences: ".*"'),
    ):
        yield f"lint.{key}", _lint(key, one, other)

    yield from _by_figures()
    yield from _by_roles()


SHORT = "version: 1\nsegments: { carts: { who: { event: cart_added, latest: true, within: 4h } } }\n"
WIDE = SHORT.replace("carts: {", "buyers: {").replace("4h", "30d") + "audiences: { all: { include: [buyers] } }\n"


def _by_figures() -> Iterator[tuple[str, Case]]:
    yield "schedule", settings("lint", "", "schedule: 2h\n", wanted=SHORT)
    for key, one, other in (
        ("criteo_delay", "24h", "1h"),
        ("widest_window", "180d", "7d"),
        ("giant_share", "50%", "1%"),
        ("min_members", "1", "1000"),
        ("max_lists", "1000", "0"),
    ):
        wanted = SHORT if key == "criteo_delay" else WIDE
        yield f"lint.{key}", _valued(key, one, other, base=SETTINGS, wanted=wanted)


def _by_roles() -> Iterator[tuple[str, Case]]:
    phones = SETTINGS.replace("email: email", "email: email, phoneNumber: { columns: [phone], region: FR }")
    yield "lint.country", _valued("country", "FR", "IN", base=phones, wanted=WIDE)
    yield "lint.purchase", _valued("purchase", "[purchase]", "[paid]", base=SETTINGS, wanted=f"{BOUGHT}\n")
    for key in ("vips", "discount_seekers"):
        yield f"lint.{key}", _valued(key, "[few]", "[carts]", base=SETTINGS, wanted=VOUCHER)


BOUGHT = (
    "version: 1\nsegments: { carts: { who: { event: cart_added, latest: true, not_followed_by: purchase } } }\n"
    "audiences: { all: { include: [carts] } }"
)
VOUCHER = """\
version: 1
segments:
  few: { who: { event: purchase, times: { at_least: 9 } } }
  carts: { who: { event: cart_added } }
  all: { who: { event: purchase } }
audiences: { winback: { description: With a voucher, include: [all], exclude: [few] } }
"""


def _valued(key: str, one: str, other: str, *, base: str, wanted: str) -> Case:
    first, second = (f"{key}: {value}" for value in (one, other))
    return settings("lint", first, second, base=f"{base}lint: {{ {first} }}\n", wanted=wanted, files=DATA)


def _lint(key: str, one: str, other: str) -> Case:
    first, second = (
        text if text.startswith(key.partition(".")[0]) else f"{key.partition('.')[0]}: {{ {text} }}"
        for text in (one, other)
    )
    return settings(
        "lint",
        first,
        second,
        base=f"{SETTINGS}lint: {{ {first} }}\n",
        wanted=f"version: 1\n{AUDIENCE.replace('KEY', '')}\n",
        files=DATA,
    )


def of_definitions() -> Iterator[tuple[str, Case]]:
    """The keys of `lint` of a segment and of an audience."""
    for of, text in (("segments", OWN), ("audiences", AUDIENCE)):
        yield f"{of}.*.lint", definitions("lint", text, "", IGNORING)
        yield f"{of}.*.lint.ignore", definitions("lint", text, IGNORING, IGNORING.replace("owner", "description"))
        yield f"{of}.*.lint.ignore.*", definitions("lint", text, IGNORING, IGNORING.replace("Ours", "Theirs"))
