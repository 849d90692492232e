from __future__ import annotations

from pathlib import Path

from reconciler.config.load import load
from reconciler.desired import Desired, resolve
from reconciler.model.definition import Definition
from reconciler.model.time import Period, Window
from tests.conftest import Writer

SAMPLE = Path(__file__).parents[1] / "audiences"

DEFINITIONS = """\
windows: { hot: 4h, warm: 4h..24h }
segments:
  carts:
    name: Carts
    slices: [warm, hot]
    who: { all: [ { event: cart_added, latest: true, within: slice } ], none: [ { segment: helper } ] }
  views: { slices: [hot], who: { event: view, latest: true, within: slice } }
  helper: { publish: false, who: { any: [ { segment: buyers }, { segment: deeper } ] } }
  deeper: { publish: false, who: { segment: carts.hot } }
  buyers: { who: { event: purchase } }
  refused: { name: Refused, purpose: suppression, reason: They said no, who: { attribute: refused, is: true } }
"""
LOOP_FREE = DEFINITIONS.replace("{ segment: carts.hot }", "{ segment: views.hot }")


def desired(root: Path) -> Desired:
    return resolve(load(root))


def definitions(wanted: Desired) -> dict[str, Definition]:
    return {segment.key: segment.definition for segment in wanted.segments}


def test_lists_are_called_as_the_workspace_says(write_workspace: Writer) -> None:
    """A list has its segment's name or key; a slice adds its own, in brackets or after a dot. Helpers have none."""
    lists = {
        each.address: each.name for segment in desired(write_workspace(LOOP_FREE)).segments for each in segment.lists
    }
    assert lists == {
        "segment.buyers": "buyers",
        "segment.carts.hot": "Carts (hot)",
        "segment.carts.warm": "Carts (warm)",
        "segment.refused": "Refused",
        "segment.views.hot": "views.hot",
    }


def test_a_definition_holds_all_that_it_refers_to(write_workspace: Writer) -> None:
    """It can be evaluated by itself: every segment it reaches, directly or not, is in it, and no other."""
    found = definitions(desired(write_workspace(LOOP_FREE)))
    assert [key for key, _ in found["carts"].segments] == ["buyers", "deeper", "helper", "views"]
    assert found["buyers"].segments == ()
    assert [part.window for part in found["carts"].who.slices] == [Window(0, 240), Window(240, 1440)]
    assert Definition.from_dict(found["carts"].to_dict()) == found["carts"]


def test_words_change_no_definition(write_workspace: Writer) -> None:
    """Names, descriptions, owners and the order of keys leave digests alone; a window does not."""
    before = definitions(desired(write_workspace(LOOP_FREE)))
    words = LOOP_FREE.replace("name: Carts", "name: Other\n    description: Other\n    owner: other")
    words = words.replace("slices: [warm, hot]", "slices: [hot, warm]")
    assert definitions(desired(write_workspace(words)))["carts"].digest == before["carts"].digest
    window = LOOP_FREE.replace("hot: 4h, warm: 4h..24h", "hot: 3h, warm: 4h..24h")
    assert definitions(desired(write_workspace(window)))["carts"].digest != before["carts"].digest


def test_what_decides_membership_is_in_the_definition(write_workspace: Writer) -> None:
    """Purpose and period are part of it; the reason and the limits stand beside it."""
    root = write_workspace(
        "segments:\n  a: { purpose: suppression, reason: No, active: { to: 2026-01-31 }, allow_empty: true,"
        " expected_members: { at_most: 9 }, who: { everyone: true } }\n"
    )
    (segment,) = desired(root).segments
    assert segment.definition.suppression
    assert segment.definition.active is not None
    assert segment.definition.active == Period(None, segment.definition.active.last)
    assert (segment.reason, segment.allow_empty) == ("No", True)
    assert segment.expected_members is not None
    assert segment.expected_members.at_most == 9


def test_an_audience_excludes_what_every_audience_excludes(write_workspace: Writer) -> None:
    """The workspace's `always_exclude` is added, less what an audience opts out of; a key stands for its slices."""
    root = write_workspace(
        LOOP_FREE
        + """\
audiences:
  first: { include: [views, carts.warm], exclude: [carts.hot], ad_sets: ["2", "1"] }
  second:
    name: Second
    include: [buyers]
    exclude: [carts]
    always_exclude: { except: { buyers: cross-sell } }
    active: { from: 2026-11-01 }
""",
        settings="always_exclude: [refused, buyers]\n",
    )
    first, second = desired(root).audiences
    assert (first.name, first.ad_sets) == ("first", ("1", "2"))
    assert first.include == ("segment.carts.warm", "segment.views.hot")
    assert first.exclude == ("segment.buyers", "segment.carts.hot", "segment.refused")
    assert (second.address, second.name) == ("audience.second", "Second")
    assert second.include == ("segment.buyers",)
    assert second.exclude == ("segment.carts.hot", "segment.carts.warm", "segment.refused")
    assert second.active is not None


def test_what_is_removed_is_handed_on(write_workspace: Writer) -> None:
    """Entries of `removed` reach the plan with their place."""
    root = write_workspace(
        "removed:\n"
        "  segment.old: { contents: drain }\n"
        "  audience.a: { contents: keep }\n"
        "  segment.x.hot: { contents: keep }\n"
    )
    removed = [(each.address, each.contents, each.place.line) for each in desired(root).removed]
    assert removed == [("audience.a", "keep", 4), ("segment.old", "drain", 3), ("segment.x.hot", "keep", 5)]


def test_the_sample_resolves() -> None:
    """In the sample every audience excludes whom it must not reach, and no list that it includes."""
    wanted = desired(SAMPLE)
    assert len(wanted.audiences) == 14
    for audience in wanted.audiences:
        assert {"segment.unsubscribed", "segment.support-cases"} <= set(audience.exclude)
        assert not set(audience.include) & set(audience.exclude)
