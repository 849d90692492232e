"""What comes from the environment: credentials, and how the surroundings want output. Nothing else reads it."""

from __future__ import annotations

from collections.abc import Mapping
from os import environ
from pathlib import Path
from urllib.parse import urlsplit

from reconciler.errors import NotAuthorised, Usage
from reconciler.model.settings import Credentials, EngineAccess, Secret

_HINT = (
    "Set CRITEO_CLIENT_ID, and CRITEO_CLIENT_SECRET or CRITEO_CLIENT_SECRET_FILE (a file that holds the secret). "
    "To rehearse without Criteo: `reconciler emulator`."
)


def read_credentials(env: Mapping[str, str] = environ) -> Credentials:
    """Who we are at Criteo. Raises NotAuthorised where something is missing, Usage where CRITEO_API_URL is no URL."""
    client_id = env.get("CRITEO_CLIENT_ID", "").strip()
    secret = _secret(env)
    missing = [name for name, value in (("CRITEO_CLIENT_ID", client_id), ("CRITEO_CLIENT_SECRET", secret)) if not value]
    if missing:
        raise NotAuthorised("Credentials for Criteo are missing.", f"Not set: {' and '.join(missing)}.", _HINT)
    url = env.get("CRITEO_API_URL", "").strip()
    if not url:
        return Credentials(client_id=client_id, client_secret=Secret(secret))
    return Credentials(client_id=client_id, client_secret=Secret(secret), api_url=_checked_url(url))


def read_engine_access(env: Mapping[str, str] = environ) -> EngineAccess:
    """How to reach Postgres or Spark; what is not set is None."""
    postgres, spark = (env.get(name, "").strip() for name in ("RECONCILER_POSTGRES_URL", "SPARK_REMOTE"))
    return EngineAccess(postgres=Secret(postgres) if postgres else None, spark=Secret(spark) if spark else None)


def _secret(env: Mapping[str, str]) -> str:
    direct = env.get("CRITEO_CLIENT_SECRET", "").strip()
    file = env.get("CRITEO_CLIENT_SECRET_FILE", "").strip()
    if direct and file:
        detail = "CRITEO_CLIENT_SECRET and CRITEO_CLIENT_SECRET_FILE are both set."
        raise NotAuthorised("Credentials for Criteo are ambiguous.", detail, "Unset one of them.")
    if not file:
        return direct
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        detail = f"CRITEO_CLIENT_SECRET_FILE names no file that can be read ({type(error).__name__})."
        raise NotAuthorised("The secret for Criteo can't be read.", detail, _HINT) from None


def _checked_url(url: str) -> str:
    if not _is_usable(url):
        detail = "It must be https and a host, with nothing behind it; plain http is for this machine only."
        raise Usage("CRITEO_API_URL is not usable.", detail, "Unset it to reach Criteo itself.")
    return url.rstrip("/")


def _is_usable(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for one that is none
    except ValueError:
        return False
    is_plain = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"}
    has_more = parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None
    return bool(parts.hostname) and not has_more and (parts.scheme == "https" or is_plain)


def in_ci(env: Mapping[str, str] = environ) -> bool:
    """Whether this runs on a build server, which forgets its disk."""
    return env.get("CI", "").strip().lower() not in {"", "0", "false", "no"}


def wants_color(env: Mapping[str, str] = environ) -> bool:
    """Whether the surroundings allow colour; a terminal is another question."""
    return not env.get("NO_COLOR") and env.get("TERM") != "dumb"


def read_checkout(env: Mapping[str, str] = environ) -> Path | None:
    """Where a workflow of GitHub has checked out the repository."""
    place = env.get("GITHUB_WORKSPACE", "").strip()
    return Path(place) if place else None
