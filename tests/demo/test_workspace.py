from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from reconciler.demo.workspace import CARTS, SETTINGS, SampleError, copy_sample, drop_purchase_exclusion, sample


def texts(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in folder.rglob("*.yaml")}


def declared(kind: str) -> dict[str, Mapping[str, Any]]:
    """Everything the sample declares under `segments` or `audiences`, by key."""
    documents = [yaml.safe_load(text) for text in texts(sample()).values()]
    return {key: value for document in documents for key, value in document.get(kind, {}).items()}


def always_excluded(audience: Mapping[str, Any]) -> set[str]:
    settings = yaml.safe_load((sample() / SETTINGS).read_text(encoding="utf-8"))
    return set(settings["always_exclude"]) - set(audience.get("always_exclude", {}).get("except", {}))


def test_copy(tmp_path: Path) -> None:
    """The copy says what the sample says, but for the limit on calls, which a rehearsal does not need."""
    copied = texts(copy_sample(tmp_path / "copy"))
    original = texts(sample())
    settings = original.pop(str(SETTINGS))
    assert copied.pop(str(SETTINGS)) == settings.replace("calls_per_minute: 200", "calls_per_minute: 0")
    assert copied == original
    assert str(CARTS) in original


def test_copy_is_fresh(tmp_path: Path) -> None:
    """The copy has neither data nor state nor anything hidden: whatever the sample's folder has seen stays there."""
    copy = copy_sample(tmp_path / "copy")
    assert not (copy / "data").exists()
    assert not list(copy.rglob(".*"))


def test_drop_purchase_exclusion(tmp_path: Path) -> None:
    """The edit takes out one line of the cart segment and keeps every other byte, comments included."""
    copy = copy_sample(tmp_path)
    before = (copy / CARTS).read_text(encoding="utf-8").splitlines()
    edit = drop_purchase_exclusion(copy)
    after = (copy / CARTS).read_text(encoding="utf-8").splitlines()
    assert before[: edit.line - 1] + before[edit.line :] == after
    assert before[edit.line - 1].strip() == edit.removed == "- segment: recent-purchasers"
    segments = yaml.safe_load("\n".join(after))["segments"]
    assert segments["cart-abandoners"]["who"]["none"] == [{"segment": "suppressed"}]
    assert {"segment": "recent-purchasers"} in segments["full-carts"]["who"]["none"]


def test_drop_twice(tmp_path: Path) -> None:
    """An exclusion that is gone cannot be dropped again; the other segments of the file keep theirs."""
    copy = copy_sample(tmp_path)
    drop_purchase_exclusion(copy)
    before = texts(copy)
    with pytest.raises(SampleError, match="0 times under `cart-abandoners`"):
        drop_purchase_exclusion(copy)
    assert texts(copy) == before


def test_drop_without_segment(tmp_path: Path) -> None:
    """A file without the segment is named."""
    (tmp_path / CARTS).parent.mkdir()
    (tmp_path / CARTS).write_text("version: 1\nsegments:\n  carts:\n    who: { everyone: true }\n", encoding="utf-8")
    with pytest.raises(SampleError, match=r"segments/cart\.yaml has no segment"):
        drop_purchase_exclusion(tmp_path)


def test_ad_sets() -> None:
    """The sample's ad sets are those of a new emulated advertiser, and none is named twice."""
    linked = [ad_set for audience in declared("audiences").values() for ad_set in audience.get("ad_sets", ())]
    assert len(linked) == len(set(linked)) >= 10
    assert set(linked) <= {str(ad_set) for ad_set in range(700123, 700135)}


def test_exclusions_beside_inclusions() -> None:
    """Every audience includes something, excludes something of its own, and never what it includes."""
    for audience in declared("audiences").values():
        assert audience["include"]
        assert audience["exclude"]
        assert not set(audience["include"]) & (set(audience["exclude"]) | always_excluded(audience))


def test_everybody_is_suppressed() -> None:
    """Every segment that is included somewhere, but for the buyers, keeps the suppressed off its list by itself."""
    segments = declared("segments")
    included = {name.partition(".")[0] for audience in declared("audiences").values() for name in audience["include"]}
    for key in included - {"recent-purchasers"}:
        assert {"segment": "suppressed"} in segments[key]["who"]["none"], key


def test_no_waiting_in_circles() -> None:
    """No list waits for itself: following includes to what is excluded beside them never comes back."""
    waits: dict[str, set[str]] = {}
    for audience in declared("audiences").values():
        for name in audience["include"]:
            waits.setdefault(name, set()).update(audience["exclude"], always_excluded(audience))
    while waits:
        free = {name for name, others in waits.items() if not others & waits.keys()}
        assert free, f"in circles: {sorted(waits)}"
        waits = {name: others for name, others in waits.items() if name not in free}
