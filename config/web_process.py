"""The web process: gunicorn's settings, and its worker. `gunicorn --config python:config.web_process config.wsgi`

Gunicorn's own worker gives each connection a thread, which waits without end for what its client sends or takes: eight that
say nothing more hold up everybody, and one that does not hang up holds up the loop that lets others in. Here that loop reads:
a thread gets a request once it has come, and whatever has to be waited for is waited for without one. What a thread still
has to wait for (the rest of a large body, whoever does not take the answer) comes to an end.
"""

from __future__ import annotations

import os
import re
import selectors
import socket
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from gunicorn.http import errors
from gunicorn.http.message import Request
from gunicorn.http.parser import RequestParser
from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn, ThreadWorker

# --- Gunicorn's settings ------------------------------------------------------------------

worker_class = "config.web_process.Worker"
workers = 2
threads = 4
graceful_timeout = 30
control_socket_disable = True
forwarder_headers = ""  # a header SCRIPT_NAME from this machine would be the beginning of all addresses

# --- What is waited for -------------------------------------------------------------------

# For a request (of a large one, the first HELD bytes), and for an answer to be taken.
SECONDS = float(os.environ.get("WEB_REQUEST_SECONDS", "20"))
QUEUE_SECONDS = float(os.environ.get("WEB_QUEUE_SECONDS", "30"))  # in which a large body gets a thread
LEAST_A_SECOND = 20_000  # bytes of a large body, on an average from its first SECONDS on
HELD = 65_536  # bytes of a connection that are held for it; of a head that is read
LEAVING_SECONDS = 5.0  # in which a client takes its last answer, and stops sending

ONCE = ("AUTHORIZATION", "CONTENT-TYPE", "IDEMPOTENCY-KEY")

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,18})[ \t]*\r\n", re.IGNORECASE)
_EXPECTS = re.compile(rb"\r\nexpect:", re.IGNORECASE)
_BARE = re.compile(rb"(?<!\r)\n")
_LINE = re.compile(rb"[^\x00-\x20\x7f]+ [^\x00-\x20\x7f#]+ [^\x00-\x20\x7f]+")


class ChunkedBody(errors.ParseException):
    """Nothing here reads one: a view would find it empty."""


# Of what is no request: its status and the code of its problem. Whatever else gunicorn refuses is a bad request.
REFUSED: dict[type[Exception], tuple[int, str]] = {
    errors.LimitRequestLine: (414, "uri_too_long"),
    errors.LimitRequestHeaders: (431, "header_too_large"),
    errors.UnsupportedTransferCoding: (411, "length_required"),
    ChunkedBody: (411, "length_required"),
    errors.InvalidHeader: (400, "bad_header"),
    errors.InvalidHeaderName: (400, "bad_header"),
    errors.ObsoleteFolding: (400, "bad_header"),
    errors.ParseException: (400, "bad_request"),
}
BAD, TOO_LATE, BROKEN_OFF = (400, "bad_request"), (408, "timeout"), (400, "body_incomplete")
BUSY = (503, "temporarily_unavailable")


class StrictRequest(Request):
    """One that can be read in one way only, also by who stands in front of us."""

    def parse_request_line(self, line_bytes: bytes) -> None:
        """Gunicorn would leave tabs and ends of lines out of an address."""
        if not _LINE.fullmatch(line_bytes):
            raise errors.InvalidRequestLine("")
        super().parse_request_line(line_bytes)

    def set_body_reader(self) -> None:
        super().set_body_reader()
        hosts = [value for name, value in self.headers if name == "HOST"]
        if not hosts and self.version >= (1, 1):
            raise errors.InvalidHeader("HOST", req=self)
        names = [name for name, _ in self.headers]
        for name in ONCE:
            if names.count(name) > 1:  # what is behind us would join the two
                raise errors.InvalidHeader(name)
        if not self.uri.startswith("/") and [urlsplit(self.uri).netloc] != hosts:
            raise errors.InvalidRequestLine("")
        if any(name == "TRANSFER-ENCODING" for name, _ in self.headers):
            raise ChunkedBody


class StrictParser(RequestParser):
    mesg_class = StrictRequest


class Arriving(SocketUnreader):
    """What has come of a connection. The loop fills it while it waits for a request; a thread reads the rest, in time."""

    def __init__(self, connection: socket.socket) -> None:
        super().__init__(connection)
        self._held, self._looked, self._whole = bytearray(), 0, 0
        self._given_at, self._came = 0.0, 0
        self.large = False  # more of it comes than is held

    def receive(self) -> bool:
        """What is there now; False: there will be no more."""
        came = self.sock.recv(HELD)
        self._held += came
        return bool(came)

    def some(self) -> bool:
        return bool(self._held)

    def is_whole(self) -> bool:
        """Whether a thread may have it. Raises what gunicorn raises, of a head whose end it would go on to wait for."""
        if not self._whole:
            begin, self._looked = max(0, self._looked - 3), len(self._held)
            ends = self._held.find(b"\r\n\r\n", begin)
            if ends < 0:
                if _BARE.search(self._held, begin):
                    raise errors.InvalidRequestLine("")
                if len(self._held) > HELD:
                    raise errors.LimitRequestHeaders("") if b"\r\n" in self._held else errors.LimitRequestLine(0)
                return False
            head = self._held[: ends + 4]
            expects, length = _EXPECTS.search(head) is not None, _LENGTH.search(head)
            size = int(length[1]) if length else 0
            self.large = expects or size > HELD
            self._whole = len(head) + (0 if expects else min(HELD, size))  # who expects an answer waits for it
        return len(self._held) >= self._whole

    def give(self) -> None:
        """From here on a thread reads."""
        self.unread(bytes(self._held))
        self._held, self._looked, self._whole = bytearray(), 0, 0
        self._given_at, self._came = monotonic(), 0

    def take_back(self) -> None:
        """It has read a request; what it did not read is the next one."""
        self._held += self.take_buffered()

    def lies_there(self, size: int) -> bool:
        """Whether so many bytes would be read without waiting."""
        return bool(self.buf.getbuffer().nbytes >= size)

    def chunk(self) -> bytes:
        """More of a body. Gunicorn would take what breaks off for a whole."""
        left = self._given_at + SECONDS + self._came / LEAST_A_SECOND - monotonic()
        if left <= 0:
            raise TimeoutError
        self.sock.settimeout(left)
        try:
            came: bytes = super().chunk()
        finally:
            self.sock.settimeout(SECONDS)
        if not came:
            raise ConnectionAbortedError
        self._came += len(came)
        return came


class Connection(TConn):
    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.arriving = Arriving(self.sock)
        self.parser = StrictParser(self.cfg, self.sock, self.client)
        self.parser.unreader = self.arriving
        self.initialized = True  # gunicorn's thread would wait for it
        self.among: deque[Connection] | None = None  # where the loop watches it
        self.reads = False  # a thread waits for the rest of its body

    def init(self) -> None:
        self.sock.settimeout(SECONDS)  # gunicorn has just taken it away; it is for an answer that nobody takes as well


class Worker(ThreadWorker):
    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.leaving_conns: deque[Connection] = deque()
        self.waiting_conns: deque[Connection] = deque()
        self.reading = 0  # threads that wait for the rest of a large body

    def accept(self, listener: socket.socket) -> None:
        try:
            accepted, client = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):  # another worker was quicker, or it has gone
            return
        self.nr_conns += 1
        self._await(Connection(self.cfg, accepted, client, listener.getsockname()))

    def on_client_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        """Of one that was kept, something comes again."""
        self._unwatch(conn)
        self._await(conn)

    def on_pending_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        try:
            ended = not conn.arriving.receive()
        except BlockingIOError:
            return
        except OSError:
            ended = True
        self._serve(conn, ended)

    def _await(self, conn: Connection) -> None:
        """A request, of which something may be there already."""
        self._watch(conn, self.pending_conns, SECONDS, self.on_pending_socket_readable)
        if conn.arriving.some():
            self._serve(conn)

    def _serve(self, conn: Connection, ended: bool = False) -> None:
        """Gives a thread what is whole. `ended`: nothing more will come."""
        try:
            whole = conn.arriving.is_whole()
        except errors.ParseException as refused:
            self.handle_error(None, conn.sock, conn.client, refused)
            self._leave(conn)
            return
        if whole:
            self._unwatch(conn)
            self._give(conn)
        elif ended and conn.arriving.some():
            self._refuse(conn.sock, conn.client, *BROKEN_OFF)
            self._leave(conn)
        elif ended:
            self._forget(conn)

    def _give(self, conn: Connection) -> None:
        """Whoever sends a large body keeps a thread waiting: half of them at most."""
        if conn.arriving.large and self._reads_all_it_may():
            conn.timeout = monotonic() + QUEUE_SECONDS
            self.waiting_conns.append(conn)
            return
        conn.reads = conn.arriving.large
        self.reading += conn.reads
        conn.arriving.give()
        self.enqueue_req(conn)

    def _reads_all_it_may(self) -> bool:
        return bool(self.reading >= max(1, self.cfg.threads // 2))

    def _keepalive_after(self, conn: Connection, keepalive: bool) -> bool:
        """What nobody has read of a body and has not come yet is not waited for."""
        if not (keepalive and conn.arriving.lies_there(conn.parser.mesg.body.reader.length)):
            return False
        return bool(super()._keepalive_after(conn, keepalive))

    def finish_request(self, conn: Connection, done: Any) -> None:
        """Gunicorn would close it here, and wait until its client has as well."""
        self.reading -= conn.reads
        conn.reads = False
        if self.waiting_conns and not self._reads_all_it_may():
            self._give(self.waiting_conns.popleft())
        if not self.alive or done.cancelled() or done.exception() or not done.result():
            self._leave(conn)
            return
        conn.arriving.take_back()
        if conn.arriving.some():
            self._await(conn)
        else:
            self._watch(conn, self.keepalived_conns, self.cfg.keepalive, self.on_client_socket_readable)

    def _leave(self, conn: Connection) -> None:
        """All is said. What its client still sends is thrown away for a while: closed at once, the answer would be lost."""
        self._unwatch(conn)
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:  # it has gone
            self._forget(conn)
        else:
            self._watch(conn, self.leaving_conns, LEAVING_SECONDS, self._on_leaving)

    def _on_leaving(self, conn: Connection, client: socket.socket) -> None:
        try:
            gone = not client.recv(HELD)
        except BlockingIOError:
            return
        except OSError:
            gone = True
        if gone:
            self._forget(conn)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        super().wait_for_and_dispatch_events(min(timeout, 1.0))  # also at the end, when gunicorn looks for nothing else

    def murder_keepalived(self) -> None:
        for conn in self._over(self.keepalived_conns):
            self._forget(conn)

    def murder_pending(self) -> None:
        for conn in self._over(self.pending_conns):
            if conn.arriving.some():
                self._refuse(conn.sock, conn.client, *TOO_LATE)
                self._leave(conn)
            else:
                self._forget(conn)
        while self.waiting_conns and self.waiting_conns[0].timeout <= monotonic():
            conn = self.waiting_conns.popleft()
            self._refuse(conn.sock, conn.client, *BUSY)
            self._leave(conn)
        for conn in self._over(self.leaving_conns):
            self._forget(conn)

    def _over(self, watched: deque[Connection]) -> Iterator[Connection]:
        """Those whose time is over. Once it ends, also those of whom nothing has come."""
        while watched and watched[0].timeout <= monotonic():
            yield watched[0]
        if not self.alive and watched is not self.leaving_conns:
            yield from [conn for conn in watched if not conn.arriving.some()]

    def _watch(
        self, conn: Connection, among: deque[Connection], seconds: float, then: Callable[[Connection, socket.socket], None]
    ) -> None:
        conn.sock.setblocking(False)
        conn.timeout = monotonic() + seconds
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(then, conn))
        among.append(conn)
        conn.among = among

    def _unwatch(self, conn: Connection) -> None:
        if conn.among is not None:
            self.poller.unregister(conn.sock)
            conn.among.remove(conn)
            conn.among = None

    def _forget(self, conn: Connection) -> None:
        self._unwatch(conn)
        self.nr_conns -= 1
        conn.close()

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: Exception) -> None:
        """What is no request is answered as a problem, and nothing of it repeated. What broke is gunicorn's to tell."""
        found = next((said for kind, said in REFUSED.items() if isinstance(exc, kind)), None)
        if isinstance(exc, errors.InvalidHeader) and exc.req is not None:  # one by which gunicorn tells requests apart
            found = BAD
        if found is None or isinstance(exc, errors.ConfigurationProblem):
            super().handle_error(req, client, addr, exc)
        else:
            self._refuse(client, addr, *found)

    def _refuse(self, client: socket.socket, addr: Any, status: int, code: str) -> None:
        from config.errors import unread  # noqa: PLC0415 - Django is ready once there are requests

        number = uuid.uuid4().hex
        self.log.warning("%s %s: %s from %s", number, status, code, addr[0] if addr else "a socket")
        try:
            client.send(unread(status, code, number))
        except OSError:
            self.log.debug("%s was not told", number)
