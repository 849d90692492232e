"""Tests find what a plan finds: the same rows as files give the same lists."""

from __future__ import annotations

import pytest

from reconciler.config.load import load
from reconciler.desired import resolve
from reconciler.membership.ledger import LedgerFiles
from reconciler.membership.opening import Request
from reconciler.membership.session import open_session
from reconciler.membership.trial import Trial
from reconciler.model.tests import TestConfig
from reconciler.plan.ask import ask
from reconciler.testing.questions import Meaning
from reconciler.testing.why import written
from tests.cli.commandline import ROOT

SAMPLE = load(ROOT / "audiences")
TESTS = [test for test in SAMPLE.tests if any(each.sent for each in test.expectations)]


@pytest.mark.parametrize("test", TESTS[:4], ids=lambda test: test.name)
def test_a_trial_and_a_plan_agree_on_every_list(test: TestConfig) -> None:
    """On the rows of a test, each list of the sample holds as many identifiers in a plan as people are sent in a trial:
    everybody here has an address of her own.
    """
    meaning = Meaning.of(SAMPLE)
    shape = meaning.shape(SAMPLE.tests)
    asked = ask(resolve(SAMPLE), None)
    lists = [address for segment in asked for address, _ in segment.lists]
    with Trial(SAMPLE.settings, SAMPLE.columns, asked, test.as_of, shape) as trial:
        answer = trial.answer(test.given)
    with written(SAMPLE, test, shape) as there:
        request = Request(
            settings=there.settings,
            columns=there.columns,
            asked=asked,
            as_of=test.as_of,
            bits={address: bit for bit, address in enumerate(lists)},
            ledger=LedgerFiles(),
        )
        with open_session(request) as session:
            planned = {address: found.wanted for address, found in session.membership.lists.items()}
    assert planned == {address: len(answer.reached([address])) for address in lists}
    assert any(planned.values())
