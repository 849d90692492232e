"""Rules about what people are matched by."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.lint.rule import Hit, Rule
from reconciler.lint.subject import WORKSPACE, Subject
from reconciler.model.lint import Severity
from reconciler.model.settings import IdentifierColumn


def _phones(subject: Subject) -> Iterator[Hit]:
    country = subject.workspace.lint.country
    phones = list(_phone_columns(subject))
    regions = {column.region for column in phones}
    if not phones or country == "IN" or (country is None and regions == {"IN"}):
        return
    where = f"this account is {country}'s" if country else "where this account is, nobody has said"
    for column in phones:
        yield Hit(
            address=WORKSPACE,
            place=subject.place_of_column(column.column),
            message=f"sends telephone numbers (`{column.column}`), which Criteo is reported to take from advertisers "
            f"in India only; {where}",
            hint="Ask your account team. If they are matched for you, say `country: IN` under `lint`, or ignore the "
            "rule with what you were told.",
        )


def _phone_columns(subject: Subject) -> Iterator[IdentifierColumn]:
    source = subject.workspace.settings.source
    everywhere = (source.customers.identifiers, *(events.identifiers for events in source.events))
    yield from (column for columns in everywhere for column in columns if column.type == "phoneNumber")


RULES = (
    Rule(
        id="RL106",
        name="phone-outside-india",
        severity=Severity.WARNING,
        what="Telephone numbers are sent for an advertiser who is not in India.",
        why="""\
Criteo's API has the type, and says nothing of where it is matched. An integration that was built with it reports that
numbers are for advertisers in India only. Elsewhere they would be personal data that is sent for nothing, and lists
would look larger than they are.""",
        instead="""\
Remove `phoneNumber` from the identifiers, or ask your account team and write down the answer: `lint.country`, or an
ignore.""",
        check=_phones,
        settings=("country",),
        sources=(
            (
                "Plain or as SHA-256, only for advertisers in India: "
                "https://github.com/rudderlabs/rudder-transformer/tree/develop/src/v0/destinations/criteo_audience"
            ),
        ),
        wrong="identifiers: { email: email, phoneNumber: phone }",
        right="identifiers: { email: email }",
    ),
)
