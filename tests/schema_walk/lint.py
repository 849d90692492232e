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
