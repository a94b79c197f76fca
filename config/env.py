"""Where the servers are: environment variables first, else the embedded stack's state.

DATABASE_URL        the application role
DATABASE_OWNER_URL  the role that owns the schema and migrates; the same as DATABASE_URL when not set
BROKER_URL          redis:// or amqp://
EMAIL_URL           smtp:// or smtp+tls://
CLAIMS_STACK        the embedded stack whose state is read for what is not set above (default: serve)

Reading this module starts no server. Without any of these the project still loads (for
`manage.py check` or `makemigrations`), and the first use of the database says what is missing.
"""

import os
import secrets
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from config import embedded

# A socket folder that does not exist: PostgreSQL's client prints the whole path when it fails.
NO_DATABASE = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": "claims",
    "USER": "",
    "PASSWORD": "",
    "HOST": "/no database: set DATABASE_URL or run make serve",
    "PORT": "",
}
NO_BROKER = "redis://no-broker.invalid/set-BROKER_URL-or-run-make-serve"

env = environ.Env()

Network = IPv4Network | IPv6Network


def stack_name() -> str:
    return os.environ.get("CLAIMS_STACK", "serve")


def stack() -> embedded.Stack | None:
    """The embedded stack as its state file tells it, running or not; None before its first start."""
    return embedded.read(stack_name())


def database(alias: str) -> dict[str, Any]:
    """Django's settings of `default` (the application role) or `owner`."""
    url = _database_url(alias)
    if not url:
        return dict(NO_DATABASE)
    return {**NO_DATABASE, **environ.Env.db_url_config(url), "ENGINE": "django.db.backends.postgresql"}


def _database_url(alias: str) -> str:
    url = os.environ.get("DATABASE_URL", "")
    if url:
        return os.environ.get("DATABASE_OWNER_URL", url) if alias == "owner" else url
    known = stack()
    if known is None:
        return ""
    return known.database_owner_url if alias == "owner" else known.database_url


def broker_url() -> str:
    url = os.environ.get("BROKER_URL", "")
    known = None if url else stack()
    return url or (known.broker_url if known else NO_BROKER)


def networks(variable: str) -> list[Network]:
    """Networks in CIDR notation with commas between them; none when it is not set. Raises ImproperlyConfigured."""
    try:
        return [ip_network(text.strip()) for text in env.list(variable, default=[])]
    except ValueError as failure:
        raise ImproperlyConfigured(f"{variable}: {failure}. Write it like 127.0.0.0/8,::1/128.") from failure


def mail(folder: Path) -> dict[str, Any]:
    """Django's settings of mail: as EMAIL_URL has it, else files in the folder."""
    if os.environ.get("EMAIL_URL"):
        return dict(env.email_url("EMAIL_URL"))
    return {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": str(folder)}


def secret_key() -> str:
    """SECRET_KEY, or one made once and kept in var/, readable by this user only."""
    return _secret("SECRET_KEY")


def claim_key_secret() -> str:
    """CLAIM_KEY_SECRET, or one kept as the secret key is. Under another one no claim is like those that were keyed before,
    other claims are drawn as samples, and partners have to fetch the secrets of their webhooks anew."""
    return _secret("CLAIM_KEY_SECRET")


def _secret(variable: str) -> str:
    given = os.environ.get(variable, "")
    if given:
        return given
    kept = embedded.var_root() / variable.lower()
    return kept.read_text() if kept.exists() else _new_secret(variable, kept)


def _new_secret(variable: str, kept: Path) -> str:
    """Six processes may start at once: each writes its own file, the first to link it wins."""
    draft = kept.with_name(f".{kept.name}.{os.getpid()}")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        draft.touch(mode=0o600)
    except PermissionError as failure:
        raise ImproperlyConfigured(f"Set {variable}: {kept} cannot be written to keep a generated one.") from failure
    draft.write_text(secrets.token_urlsafe(50))
    try:
        kept.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return kept.read_text()
