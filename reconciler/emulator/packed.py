"""Members end to end in one piece of bytes, as they lie on disk."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Packed:
    """Members of one width, end to end; of several widths (`width` 0) as lines of hexadecimal."""

    payload: bytes = field(default=b"", repr=False)
    width: int = 1

    def __len__(self) -> int:
        if self.width:
            return len(self.payload) // self.width
        return self.payload.count(b"\n") + 1

    def __iter__(self) -> Iterator[bytes]:
        payload, width = self.payload, self.width
        if width:
            return (payload[start : start + width] for start in range(0, len(payload), width))
        return (bytes.fromhex(line) for line in payload.decode().split("\n"))


def pack(keys: Collection[bytes]) -> Packed:
    """Join members, none of which is empty."""
    widths = set(map(len, keys))
    if len(widths) > 1:
        return Packed("\n".join(map(bytes.hex, keys)).encode(), 0)
    return Packed(b"".join(keys), widths.pop()) if widths else Packed()
