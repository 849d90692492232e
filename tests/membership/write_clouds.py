"""Write the golden files anew: `python -m tests.membership.write_clouds`. Read what changed before it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlglot import exp

from reconciler.membership.dialect import write
from reconciler.membership.sql import Sql
from tests.membership.cloud_statements import statements
from tests.membership.cloud_words import WORDS

CLOUDS = ("bigquery", "snowflake")
FILES = ("words", "conditions", "sample")
"""Our vocabulary, the tables in which every kind of condition is computed, and the whole session of the sample."""
COMPUTED = ("facts", "facts_followed", "facts_tally_0", "facts_traits", "people")


def golden(cloud: str, file: str) -> Path:
    """Where a golden file lies."""
    return Path(__file__).parent / "golden" / cloud / f"{file}.sql"


def written(cloud: str, file: str) -> str:
    """What a golden file has to hold."""
    words = [(f"-- {word}\n", tree) for word, tree in WORDS.items()]
    told = words if file == "words" else [("", tree) for tree in _chosen(file)]
    return "".join(f"{title}{write(tree, cloud, pretty=True)};\n\n" for title, tree in told)


def _chosen(workspace: str) -> Iterator[Sql]:
    return (tree for tree in statements(workspace) if workspace == "sample" or _made(tree) in COMPUTED)


def _made(tree: Sql) -> str:
    return tree.this.name if isinstance(tree, exp.Create) else ""


def main() -> None:
    """Write all files."""
    for cloud in CLOUDS:
        for file in FILES:
            path = golden(cloud, file)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(written(cloud, file).encode())


if __name__ == "__main__":
    main()
