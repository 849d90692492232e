"""The sample workspace does as the rules say, or says why not."""

from __future__ import annotations

import json

from tests.cli.commandline import ROOT, run


def test_the_sample_is_clean_and_gives_its_reasons() -> None:
    """No finding is left, also where warnings count; what is ignored has a reason of its own words."""
    done = run("-w", ROOT / "audiences", "lint", "--strict", "--format", "json")
    document = json.loads(done.stdout)
    assert (done.code, document["findings"]) == (0, [])
    assert {each["name"] for each in document["ignored"]} == {
        "no-holdout",
        "slice-gap",
        "slow-feed",
        "vague-segment",
        "window-too-short",
    }
    assert all(len(each["reason"].split()) > 5 for each in document["ignored"])
