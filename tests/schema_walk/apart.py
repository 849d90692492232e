"""Cases for `exclusive` and `approvals`: of the buyers one is a VIP too, and everybody is somebody."""

from __future__ import annotations

from collections.abc import Iterator

from tests.schema_walk.case import Case
from tests.schema_walk.given import SETTINGS, TWO_LISTS, definitions, settings

_BOTH = TWO_LISTS.removeprefix("version: 1\n") + "KEY"
_EXCLUSIVE = _BOTH.replace("KEY", "exclusive: { one: { KEY } }")
_APPROVED = (
    "segments: { buyers: { who: { event: purchase } }, all: { who: { everyone: true } } }\n"
    "exclusive: { one: [buyers, all] }\nKEY"
)
_OTHER = "{ step: segment.buyers, guard: exclusive, up_to: 9, until: 2026-12-01, reason: as said }"


def _approval(key: str, one: str, other: str) -> Case:
    """Two versions of one approval."""
    said = {"step": "segment.buyers", "guard": "exclusive", "up_to": "3", "until": "2026-12-01", "reason": "a test"}
    entry = ", ".join(f"{name}: {'KEY' if name == key else value}" for name, value in said.items())
    text = _APPROVED.replace("KEY", f"approvals: [ {{ {entry} }} ]")
    return definitions("exit" if key == "guard" else "notes" if key == "reason" else "blocks", text, one, other)


def apart() -> Iterator[tuple[str, Case]]:
    """Of definitions."""
    yield "exclusive", definitions("blocks", _BOTH, "", "exclusive: { one: [buyers, vips] }")
    yield "exclusive.*", definitions("blocks", _BOTH.replace("KEY", "exclusive: { KEY }"), "", "one: [buyers, vips]")
    yield (
        "exclusive.*.segments",
        definitions(
            "blocks",
            "segments: { buyers: { who: { event: purchase } }, vips: { who: { attribute: tier, is: vip } },"
            " none: { who: { attribute: tier, is: none } } }\nexclusive: { one: { segments: KEY } }",
            "[buyers, vips]",
            "[buyers, none]",
        ),
    )
    segments = "segments: [buyers, vips] KEY"
    yield "exclusive.*.reason", definitions("blocks", _EXCLUSIVE.replace("KEY", segments), "", ", reason: one voice")
    yield "approvals", definitions("blocks", _APPROVED, "", f"approvals: [ {_OTHER} ]")
    yield "approvals[].step", _approval("step", "segment.buyers", "segment.all")
    yield "approvals[].guard", _approval("guard", "exclusive", "max_gone")
    yield "approvals[].up_to", _approval("up_to", "3", "2")
    yield "approvals[].until", _approval("until", "2026-11-21", "2026-11-20")
    yield "approvals[].reason", _approval("reason", "a test", "another test")


def apart_in_settings() -> Iterator[tuple[str, Case]]:
    """Of `reconciler.yaml`, which may hold them too."""
    exclusive = "exclusive: { one: [buyers, vips] }\n"
    yield "exclusive", settings("blocks", "", exclusive, wanted=TWO_LISTS)
    base = SETTINGS + exclusive
    yield "approvals", settings("blocks", "", f"approvals: [ {_OTHER} ]\n", base=base, wanted=TWO_LISTS)
