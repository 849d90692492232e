"""Write the golden files anew: `python -m tests.membership.write_clouds`. Read what changed before it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from reconciler.membership.dialect import write
from tests.membership.cloud_words import WORDS

GOLDEN = Path(__file__).parent / "golden"
CLOUDS = ("bigquery", "snowflake")


def texts(cloud: str) -> Iterator[tuple[Path, str]]:
    """Every golden file of a dialect, as it has to be."""
    words = "".join(f"-- {word}\n{write(tree, cloud, pretty=True)};\n\n" for word, tree in WORDS.items())
    yield GOLDEN / cloud / "words.sql", words


def main() -> None:
    """Write all files."""
    for cloud in CLOUDS:
        for path, text in texts(cloud):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())


if __name__ == "__main__":
    main()
