"""A Valkey of our own, the broker: started, asked, stopped. Used by config/embedded.py only."""

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.site import Site, StackError, free_port, processes, tail

START_SECONDS = 60  # a large append-only file is read at the start
STOP_SECONDS = 30

CONF = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir "{folder}"
logfile "{log}"
appendonly yes
appendfsync everysec
save ""
maxmemory 256mb
maxmemory-policy noeviction
daemonize yes
pidfile "{folder}/valkey.pid"
proc-title-template "{{title}} {tag}"
"""


@dataclass
class Valkey:
    """Database 0 is the broker; the others are for tests that run side by side."""

    site: Site
    password: str
    port: int | None

    @property
    def folder(self) -> Path:
        return self.site.home / "valkey"

    @property
    def log(self) -> Path:
        return self.site.home / "valkey.log"

    def url(self, number: int = 0) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{number}"

    @property
    def conf(self) -> Path:
        """Named after the stack: a daemon that has not set its title yet is known by its command line."""
        return self.site.home / f"valkey-{self.site.tag}.conf"

    def ready(self) -> bool:
        """Whether it answers to our password. Still loading its file is not ready."""
        if self.port is None:
            return False
        try:
            return bool(self._client().ping())
        except redis.RedisError:
            return False

    def start(self) -> None:
        """Returns when it answers. Nothing is done when it already runs."""
        deadline = time.monotonic() + START_SECONDS
        while not self.ready():
            if time.monotonic() > deadline:
                raise StackError("valkey_failed", f"No answer in {START_SECONDS} s. End of {self.log}:\n{tail(self.log)}")
            if self._living():
                self.port = self._written_port()
            else:
                self._launch()
            time.sleep(0.05)

    def stop(self) -> None:
        if not self._living() and not self.ready():
            return
        with suppress(redis.ConnectionError):  # the answer to a shutdown is a closed connection
            self._client().shutdown()
        deadline = time.monotonic() + STOP_SECONDS
        while self._living() or self.ready():
            if time.monotonic() > deadline:
                raise StackError(
                    "valkey_hangs", f"Valkey did not stop in {STOP_SECONDS} s. End of {self.log}:\n{tail(self.log)}"
                )
            time.sleep(0.05)

    def clear(self) -> None:
        self._client().flushall()

    def _client(self) -> redis.Redis:
        return redis.Redis(
            host="127.0.0.1",
            port=self.port or 0,
            password=self.password,
            socket_timeout=5,
            retry=Retry(NoBackoff(), 0),  # its own retries would wait seconds for a server that is not there
        )

    def _living(self) -> list[tuple[int, str]]:
        return processes(self.site.valkey_server.name, self.site.tag)

    def _written_port(self) -> int:
        """Of the running one: a launcher killed in the middle of a start has told nobody the port."""
        line = next(line for line in self.conf.read_text().splitlines() if line.startswith("port "))
        return int(line.split()[1])

    def _launch(self) -> None:
        self.port = free_port(self.port)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.site.account.own(self.folder)
        self.conf.touch(mode=0o600)
        self.conf.write_text(
            CONF.format(port=self.port, password=self.password, folder=self.folder, log=self.log, tag=self.site.tag)
        )
        self.site.account.own(self.conf)
        if self.site.account.run(self.site.valkey_server, self.conf, output=self.log) != 0:
            raise StackError("valkey_failed", f"Valkey does not start. End of {self.log}:\n{tail(self.log)}")
