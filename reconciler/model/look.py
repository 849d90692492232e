"""What a first look at files of data finds: shares and names, never a value of a person."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnLook:
    """A column, by its first rows: `filled` of them hold something, and so many of these look like what is named.

    `stored` is `text`, `number`, `boolean`, `time` or `other`; `distinct` an estimate over those rows.
    """

    name: str
    stored: str
    filled: int
    distinct: int
    emails: int = 0
    sha256: int = 0
    md5: int = 0
    phones: int = 0
    full_phones: int = 0
    moments: int = 0
    local_dates: int = 0
    epochs: int = 0
    dated: int = 0
    words: int = 0

    def mostly(self, count: int, share: float = 0.9) -> bool:
        """Whether so many are nearly all that are filled."""
        return self.filled > 0 and count >= share * self.filled

    @property
    def is_email(self) -> bool:
        """Addresses, a few broken ones aside."""
        return self.stored == "text" and self.mostly(self.emails, 0.7)

    @property
    def hashed(self) -> str | None:
        """The form of hashes that it holds, if it does."""
        if self.mostly(self.sha256):
            return "sha256"
        return "md5" if self.mostly(self.md5) else None

    @property
    def is_time(self) -> bool:
        """Moments that a workspace can read."""
        return self.stored == "time" or (self.stored == "text" and self.mostly(self.moments, 0.95))

    @property
    def is_yes_or_no(self) -> bool:
        """Booleans, or words that are read as such."""
        return self.stored == "boolean" or (self.mostly(self.words, 0.98) and self.distinct <= 4)


@dataclass(frozen=True, kw_only=True, slots=True)
class TableLook:
    """A file or glob under the name that the workspace gives it, with all its rows counted."""

    name: str
    rows: int
    sampled: int
    columns: tuple[ColumnLook, ...]

    def find(self, name: str) -> ColumnLook | None:
        """The column of this name."""
        return next((column for column in self.columns if column.name == name), None)
