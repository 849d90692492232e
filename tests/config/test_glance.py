from __future__ import annotations

from pathlib import Path

from reconciler.config.glance import glance
from tests.conftest import Writer

CARTS = """
segments:
  carts:
    name: Left carts
    slices: [hot, warm]
    who: { event: cart_added, latest: true, within: slice }
  helper: { publish: false, who: { everyone: true } }
audiences:
  recovery: { include: [carts] }
"""


def test_every_name_is_seen(write_workspace: Writer) -> None:
    """Segments with what they are called, what is published of them by slice, and audiences, over all files."""
    names = glance(write_workspace(CARTS, **{"more.yaml": "version: 1\nsegments: { vips: { who: } }\n"}))
    assert names.segments == {"carts": "Left carts", "helper": "", "vips": ""}
    assert names.lists == {"carts.hot": "Left carts", "carts.warm": "Left carts", "vips": ""}
    assert names.audiences == {"recovery": ""}


def test_what_can_not_be_read_is_passed_over(write_workspace: Writer) -> None:
    """A file that somebody is in the middle of hides nothing of the others, and odd values hide only themselves."""
    files = {"broken.yaml": "segments: { open", "odd.yaml": "version: 1\nsegments: [a]\naudiences: { b: 1 }\n"}
    names = glance(write_workspace(CARTS, **files))
    assert list(names.segments) == ["carts", "helper"]
    assert list(names.audiences) == ["recovery", "b"]


def test_no_folder_has_no_names(tmp_path: Path) -> None:
    """A workspace that is not there has nothing to offer, and is no error."""
    assert not glance(tmp_path / "nothing").segments
