"""`reconciler show`, through the command line: the sample, resolved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.cli.commandline import AS_OF, Criteo, run, write_csv
from tests.conftest import Writer

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "schemas" / "show.schema.json").read_text(encoding="utf-8"))
WORKSPACE = """\
windows: { hot: 0h..4h, warm: 4h..24h }
segments:
  buyers: { who: { event: purchase, within: 7d } }
  carts:
    name: Carts
    slices: [hot, warm]
    who:
      all: [ { event: cart_added, latest: true, within: slice } ]
      none: [ { segment: buyers } ]
  helper: { publish: false, who: { segment: carts.warm } }
  recovery: { who: { attribute: points, at_least: 1.5 } }
audiences:
  recovery:
    include: [carts.hot]
    exclude: [recovery]
    ad_sets: ["700123"]
    offer: { ladder: cart, touch: 1, discount: none }
    lint: { ignore: { no-holdout: The agency does that } }
  thanks: { include: [buyers], always_exclude: { except: { buyers: They just bought } } }
offers: { cart: { stages: [ { touch: 1, within: hot, discount: none } ] } }
exclusive: { one-voice: [carts.hot, buyers] }
tests:
  a cart is hot:
    as_of: 2026-11-21T18:00:00Z
    given:
      customers: [ { customer_id: ann, email: ann@example.com, points: 1 } ]
      events: [ { customer_id: ann, event: cart_added, ago: 1h } ]
    expect: { carts.hot: [ann] }
    expect_sent: { audience.recovery: 1 }
"""


@pytest.fixture
def shop(write_workspace: Writer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small workspace, entered."""
    root = write_workspace(WORKSPACE, settings="always_exclude: [buyers]\n")
    monkeypatch.chdir(root)
    return root


def shown(name: str) -> dict[str, object]:
    """What `show` says of a name, as JSON."""
    ran = run("show", name, "--format", "json")
    assert ran.code == 0, ran.said
    found: dict[str, object] = json.loads(ran.stdout)
    return found


def test_a_segment_is_resolved(shop: Path) -> None:
    """Its lists with their windows, its conditions, what it refers to and who uses it, by line."""
    carts = shown("carts")
    assert carts["written"] == "definitions.yaml:5:3"
    assert carts["lists"] == [
        {"address": "segment.carts.hot", "name": "Carts (hot)", "window": "0h..4h"},
        {"address": "segment.carts.warm", "name": "Carts (warm)", "window": "4h..1d"},
    ]
    assert carts["refers_to"] == [
        {
            "address": "segment.buyers",
            "who": {"event": "purchase", "within": "0h..7d"},
            "written": "definitions.yaml:4:3",
        }
    ]
    assert carts["used_by"] == {
        "segments": [{"address": "segment.helper", "written": "definitions.yaml:11:3"}],
        "audiences": [
            {
                "address": "audience.recovery",
                "how": "include",
                "lists": ["segment.carts.hot"],
                "ad_sets": ["700123"],
                "written": "definitions.yaml:14:3",
            }
        ],
    }


def test_a_slice_has_its_window_written_out(shop: Path) -> None:
    """`within: slice` is the window of this slice; only what uses this slice is named."""
    warm = shown("segment.carts.warm")
    assert warm["who"] == {
        "all": [{"event": "cart_added", "within": "4h..1d", "latest": True}],
        "none": [{"segment": "buyers"}],
    }
    assert warm["used_by"] == {
        "segments": [{"address": "segment.helper", "written": "definitions.yaml:11:3"}],
        "audiences": [],
    }
    assert shown("carts.hot")["used_by"]["segments"] == []  # type: ignore[index]


def test_an_audience_has_what_is_always_excluded(shop: Path) -> None:
    """What comes from `always_exclude` is marked, and an exception carries its reason."""
    text = run("show", "audience.recovery").stdout
    assert "by always_exclude" in next(line for line in text.splitlines() if "segment.buyers" in line)
    assert "by always_exclude" not in next(line for line in text.splitlines() if "segment.recovery" in line)
    assert "Does not exclude\n  buyers: They just bought" in run("show", "thanks").stdout


def test_an_ad_set_tells_its_audience(shop: Path) -> None:
    """By its address or its bare id."""
    assert run("show", 'ad_set["700123"]').stdout == run("show", "700123").stdout
    assert shown("700123")["audience"] == {
        "address": "audience.recovery",
        "name": "recovery",
        "written": "definitions.yaml:14:3",
    }


def test_it_tells_what_is_held_against_a_resource(shop: Path) -> None:
    """Tests, groups of which nobody may be in two, ignored rules of lint, and what the ads of an audience offer."""
    hot, warm, audience = shown("carts.hot"), shown("carts.warm"), shown("audience.recovery")
    test = {"name": "a cart is hot", "written": "definitions.yaml:24:3"}
    assert (hot["tests"], warm["tests"], audience["tests"]) == ([test], [], [test])
    assert [each["name"] for each in hot["exclusive"]] == ["one-voice"]  # type: ignore[attr-defined]
    assert warm["exclusive"] == []
    assert audience["offer"] == {"discount": "no discount", "ladder": "cart", "touch": 1}
    assert audience["lint_ignored"] == {"no-holdout": "The agency does that"}
    assert "offer    no discount, touch 1 of cart" in run("show", "audience.recovery").stdout


def test_names_that_are_none_or_two_are_told(shop: Path) -> None:
    """The nearest name is offered; a key of both kinds needs the whole address."""
    missing, double = run("show", "cart"), run("show", "recovery")
    assert (missing.code, double.code) == (64, 64)
    assert "Did you mean `carts`?" in missing.stderr
    assert "`segment.recovery` and `audience.recovery`" in double.stderr
    assert run("show", "segment.recovery").code == 0


def test_without_a_name_it_is_the_whole_workspace(shop: Path) -> None:
    """A line for each segment and audience, helpers among them."""
    lines = run("show").stdout.splitlines()
    assert lines[0] == "acme-retention, advertiser 42"
    assert [line.split()[0] for line in lines if "definitions.yaml:" in line] == [
        "segment.buyers",
        "segment.carts",
        "segment.helper",
        "segment.recovery",
        "audience.recovery",
        "audience.thanks",
    ]
    assert "not sent" in next(line for line in lines if "segment.helper" in line)


def test_yaml_says_what_json_says(shop: Path) -> None:
    """Both formats hold the same document, whatever is shown."""
    for name in ("carts", "carts.hot", "segment.recovery", "audience.recovery", "700123"):
        assert yaml.safe_load(run("show", name, "--format", "yaml").stdout) == shown(name)
    overview = json.loads(run("show", "--format", "json").stdout)
    assert yaml.safe_load(run("show", "--format", "yaml").stdout) == overview


def test_the_documents_follow_the_schema(shop: Path) -> None:
    """The overview and every kind of resource are as `schemas/show.schema.json` describes them."""
    Draft202012Validator.check_schema(SCHEMA)
    for name in ("carts", "carts.hot", "helper", "segment.recovery", "audience.recovery", "thanks", "700123"):
        Draft202012Validator(SCHEMA).validate(shown(name))
    Draft202012Validator(SCHEMA).validate(json.loads(run("show", "--format", "json").stdout))
    assert not Draft202012Validator(SCHEMA).is_valid({**shown("carts"), "more": 1})


def test_everything_in_the_sample_can_be_shown() -> None:
    """Each segment, slice and audience of the sample, by its address, as text or as YAML."""
    overview = json.loads(run("-w", ROOT / "audiences", "show", "--format", "json").stdout)
    addresses = [each["address"] for each in (*overview["segments"], *overview["audiences"])]
    addresses += [f"{each['address']}.{part}" for each in overview["segments"] for part in each["slices"]]
    assert len(addresses) > 30
    for number, address in enumerate(addresses):
        style = ("text", "yaml")[number % 2]
        ran = run("-w", ROOT / "audiences", "show", address, "--format", style)
        assert (ran.code, address in ran.stdout.splitlines()[number % 2]) == (0, True)


def test_a_kept_plan_is_rendered_as_it_was(shop: Path, criteo: Criteo) -> None:
    """`plan --format json` kept in a file gives the text and the Markdown that `plan` itself prints."""
    write_csv(shop / "customers.csv", [{"customer_id": n, "email": f"p{n}@example.com", "points": n} for n in range(5)])
    write_csv(shop / "events.csv", [{"customer_id": 1, "event": "purchase", "occurred_at": "2026-11-20"}])
    kept = run("plan", "--as-of", AS_OF, "--format", "json")
    assert kept.code == 0, kept.said
    (shop / "plan.json").write_text(kept.stdout, encoding="utf-8")
    for style in ("text", "markdown", "json"):
        assert (
            run("show", "plan.json", "--format", style).stdout
            == run("plan", "--as-of", AS_OF, "--format", style).stdout
        )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "The plan can't be read."),
        ("{", "The file is no plan."),
        ("[]", "The file is no plan."),
        ('{"resources": [], "format_version": "9.9"}', "its format is 9.9"),
    ],
)
def test_a_file_that_is_no_plan_is_refused(shop: Path, text: str | None, said: str) -> None:
    """It says what the file is not, and how to keep a plan."""
    if text is not None:
        (shop / "plan.json").write_text(text, encoding="utf-8")
    ran = run("show", "plan.json")
    assert (ran.code, ran.stdout) == (64, "")
    assert said in ran.stderr
    assert "reconciler plan --format json > plan.json" in ran.stderr


def test_an_invalid_workspace_is_told_first(shop: Path) -> None:
    """The same message as of `validate`."""
    (shop / "more.yaml").write_text("version: 1\nsegmnts: {}\n", encoding="utf-8")
    assert run("show").stderr == run("validate").stderr
