"""No engine runs where these tests run: the Dockerfile's steps are carried out in an empty folder."""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
from fnmatch import fnmatch
from importlib import metadata
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[2]
# Set by the Dockerfile to keep the image small; here the cache saves a minute.
NOT_HERE = {"PIP_NO_CACHE_DIR"}


def _steps():
    text = re.sub(r"^#.*\n", "", (BASE_DIR / "Dockerfile").read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    return [tuple(line.split(maxsplit=1)) for line in text.splitlines() if line.strip()]


def _ignored(path):
    """As .dockerignore says: the last pattern that fits decides."""
    ignored = False
    for pattern in (BASE_DIR / ".dockerignore").read_text().split():
        name = pattern.removeprefix("!")
        fits = any(fnmatch(part, name[3:]) for part in path.parts) if name.startswith("**/") else fnmatch(path.parts[0], name)
        if fits:
            ignored = not pattern.startswith("!")
    return ignored


def _copy(source, target):
    start = BASE_DIR / source
    files = [start] if start.is_file() else [path for path in start.rglob("*") if path.is_file()]
    kept = [path for path in files if not _ignored(path.relative_to(BASE_DIR))]
    assert kept, f"COPY {source}: nothing there, or .dockerignore leaves it out"
    for path in kept:
        to = target / path.name if start.is_file() else target / path.relative_to(start)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, to)


def _link_locked_packages(environment):
    """What requirements.txt locks, and nothing else, from where these tests run.

    The step that installs it then finds each version in place: `make` has just unpacked the same wheels, and a second time
    takes a minute and a half. A package that the lock lacks is lacking here too.
    """
    locked = {
        _normal(name) for name in re.findall(r"^([\w.-]+)", (BASE_DIR / "requirements.txt").read_text(), flags=re.MULTILINE)
    }
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(environment)}))
    for package in metadata.distributions():
        if _normal(package.name) not in locked:
            continue
        for file in package.files or ():
            source = Path(str(package.locate_file(file)))
            target = Path(os.path.normpath(packages / file))
            if not source.is_file() or target.exists():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.parent.name == "bin" and source.read_bytes().startswith(b"#!"):
                _, _, program = source.read_text().partition("\n")
                target.write_text(f"#!{environment / 'bin' / 'python'}\n{program}")
                target.chmod(0o755)
            else:
                target.symlink_to(source)


def _normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def _carry_out_steps(root):
    """(folder of the application, its environment, the command)."""
    subprocess.run([sys.executable, "-m", "venv", root / "venv"], check=True)
    _link_locked_packages(root / "venv")
    environment = {"PATH": f"{root / 'venv' / 'bin'}:/usr/bin:/bin", "HOME": str(root), "LANG": "C.UTF-8"}
    environment |= {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_"))}
    environment["PIP_NO_COMPILE"] = "1"  # the image may take its time, this test should not
    folder, command = root, []
    for instruction, rest in _steps():
        match instruction:
            case "WORKDIR":
                folder = root / rest.lstrip("/")
                folder.mkdir()
            case "ENV":
                given = dict(pair.split("=", 1) for pair in shlex.split(rest))
                environment |= {name: value for name, value in given.items() if name not in NOT_HERE}
            case "COPY":
                *sources, target = rest.split()
                for source in sources:
                    _copy(source, folder / target)
            case "RUN":
                done = subprocess.run(
                    ["/bin/sh", "-c", rest], check=False, cwd=folder, env=environment, capture_output=True, text=True
                )
                assert done.returncode == 0, done.stderr
            case "CMD":
                command = json.loads(rest)
            case _:
                assert instruction in {"FROM", "USER", "EXPOSE"}, f"this test does not know {instruction}"
    return folder, environment, command


def _get(address):
    request = urllib.request.Request(address, headers={"X-Forwarded-Proto": "https"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
        return answer.status, answer.read().decode(errors="replace")


def test_runs_as_a_user_that_is_not_root():
    users = [rest for instruction, rest in _steps() if instruction == "USER"]
    assert users
    assert not users[-1].startswith(("0", "root"))
    assert all(instruction in {"USER", "EXPOSE", "CMD"} for instruction, _ in _steps()[-3:])


def test_its_steps_make_an_image_that_serves_the_log_in_page(tmp_path, process_environment):
    folder, environment, command = _carry_out_steps(tmp_path)
    assert {path.name for path in folder.iterdir()} == {
        *("requirements.txt", "manage.py", "config", "services", "accounts", "claims", "staticfiles")
    }, "above all no var/secret_key made while building"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [part.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for part in command]
    environment = {**environment, **process_environment, "SECRET_KEY": "only-in-this-test", "CLAIM_KEY_SECRET": "only-here"}
    program = shutil.which(command[0], path=environment["PATH"])
    with subprocess.Popen([program, *command[1:]], cwd=folder, env=environment) as web:
        try:
            deadline = time.monotonic() + 30
            while True:
                try:
                    status, page = _get(f"http://127.0.0.1:{port}/admin/login/")
                    break
                except (urllib.error.URLError, ConnectionError):
                    assert time.monotonic() < deadline, "the web process does not answer"
                    time.sleep(0.2)
            assert status == 200
            style = re.search(r'href="(/static/admin/css/base\.[0-9a-f]{12}\.css)"', page)
            assert style, "not the collected, hashed file"
            assert _get(f"http://127.0.0.1:{port}{style[1]}")[0] == 200
        finally:
            web.terminate()
