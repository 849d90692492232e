"""A Postgres server of the tests' own: its data in a temporary folder, reached by a socket there, stopped by its pid.

As a script it only says whether that can be done here, and if not, what to install.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

PORT = 54321
ROLE, LOCKED = "tester", "locked"
"""A role that is let in as it is, and one that needs a password."""
WAIT = 60.0
_PLACES = ("/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt")
_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "listen_addresses": "",
    "max_connections": "40",
    "autovacuum": "off",
    "log_statement": "none",
}


def programs() -> Path | None:
    """The folder of `initdb` and `postgres`: on the PATH, or the newest where systems put them."""
    found = shutil.which("postgres")
    if found and shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = [path.parent for place in _PLACES for path in Path(place).glob("*/bin/initdb")]
    newest = sorted(folders, key=lambda folder: [int(part) for part in folder.parts[-2].split("@") if part.isdecimal()])
    return newest[-1] if newest else None


def url(folder: Path, database: str = "postgres", role: str = ROLE) -> str:
    """How a server in a folder is reached."""
    return f"postgresql://{role}@/{database}?host={folder}&port={PORT}"


@contextmanager
def running(folder: Path) -> Iterator[int]:
    """A new server with its data and its socket in a folder, for the block. Gives its pid."""
    server = start(folder)
    try:
        yield server.pid
    finally:
        stop(server)


def start(folder: Path) -> subprocess.Popen[bytes]:
    """Make the server's data where there is none, start it and wait until it answers."""
    place = programs()
    assert place is not None
    data = folder / "data"
    owner = _give_away(folder)
    if not data.exists():
        made = [*owner, str(place / "initdb"), "-D", str(data), "-U", ROLE, "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run([*made, "--locale=C.UTF-8"], check=True, stdout=subprocess.DEVNULL, cwd=folder)
        rules = data / "pg_hba.conf"
        rules.write_text(f"local all {LOCKED} scram-sha-256\n{rules.read_text()}")
    told = [f"-c{name}={value}" for name, value in _SETTINGS.items()]
    server = subprocess.Popen(
        [*owner, str(place / "postgres"), "-D", str(data), "-k", str(folder), "-p", str(PORT), *told],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
    )
    _wait_until_it_answers(server, place, folder)
    return server


def stop(server: subprocess.Popen[bytes]) -> None:
    """End it without waiting for its clients."""
    server.send_signal(2)
    try:
        server.wait(WAIT)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _give_away(folder: Path) -> list[str]:
    """Postgres refuses to run as root: then somebody without rights runs it, and owns the folder."""
    if os.geteuid() != 0:
        return []
    who = next(name for name in ("postgres", "nobody") if _is_there(name))
    user = pwd.getpwnam(who)
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _is_there(user: str) -> bool:
    return any(each.pw_name == user for each in pwd.getpwall())


def _wait_until_it_answers(server: subprocess.Popen[bytes], place: Path, folder: Path) -> None:
    ready = [str(place / "pg_isready"), "-q", "-h", str(folder), "-p", str(PORT)]
    end = time.monotonic() + WAIT
    while subprocess.run(ready, check=False).returncode != 0:
        assert server.poll() is None, "the server ended by itself"
        assert time.monotonic() < end, "the server does not answer"
        time.sleep(0.05)


def own_folder() -> Path:
    """A short path: a socket's may not be longer than about a hundred characters."""
    return Path(mkdtemp(prefix="reconciler-pg-"))


NONE = """No Postgres server was found (looked for: postgres on the PATH, /usr/lib/postgresql).
Install one, version 15 or newer (Debian, Ubuntu: apt install postgresql)."""

if __name__ == "__main__":
    sys.exit(None if programs() else NONE)
