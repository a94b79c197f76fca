"""URLs that people typed in are asked for a document or told something: once, bounded in time and size, with no redirect."""

import http.client
import io
import re
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from urllib3 import exceptions
from urllib3.response import BaseHTTPResponse
from urllib3.util.ssl_match_hostname import CertificateError

from services.endpoints import FetchUnreachable, checked_endpoint
from services.refusals import Refusal

CONNECT_SECONDS = 5.0  # for TCP, and again for TLS
TOTAL_SECONDS = 20.0
MOST_BYTES = 10_000_000
PIECE = 65_536  # bytes

_ETAG = re.compile(r'(?:W/)?"[!#-~\x80-\xff]{0,190}"')


class FetchRedirected(Refusal):
    code = "fetch_redirected"


class FetchStatus(Refusal):
    code = "fetch_status"


class FetchEncoded(Refusal):
    code = "fetch_encoded"


class FetchTooLarge(Refusal):
    code = "fetch_too_large"


class FetchTimeout(Refusal):
    code = "fetch_timeout"


class FetchTls(Refusal):
    code = "fetch_tls"


@dataclass(frozen=True, slots=True)
class Fetched:
    body: bytes
    etag: str  # to be sent with the next fetch; empty when the server gave none, a malformed or an overlong one


def fetch(url: str, *, etag: str = "", most_bytes: int = MOST_BYTES, seconds: float = TOTAL_SECONDS) -> Fetched | None:
    """What a GET answers with 200; None when it has not changed since `etag`.

    `most_bytes` is the longest body, inclusive. `seconds` bounds the whole, except that the resolver of the system
    keeps its own time. Raises the refusals above and those of `checked_endpoint`. What a server sent is never in a message,
    but for where it redirects to.
    """
    unchanged = {"If-None-Match": etag} if etag else {}
    with _answered("GET", url, unchanged, seconds=seconds, most_bytes=most_bytes) as answer:
        return None if etag and answer.status == 304 else _fetched(answer, most_bytes)


def post(url: str, body: bytes, headers: Mapping[str, str], *, most_bytes: int, seconds: float) -> int:
    """The status that a POST is answered with, whatever it is. What follows the headers is read, so that the server can finish,
    but for no more than `most_bytes`, and is kept nowhere: a body that breaks off or never ends changes no status.

    Bounded, and refused, as `fetch` is; no status is refused.
    """
    with _answered("POST", url, headers, body=body, seconds=seconds, most_bytes=most_bytes) as answer:
        status = answer.status
        with suppress(Refusal, OSError, http.client.HTTPException, exceptions.HTTPError, ValueError):
            left = most_bytes
            while left > 0 and (piece := answer.read(min(left, PIECE), decode_content=False)):
                left -= len(piece)
    return status


@contextmanager
def _answered(
    method: str, url: str, headers: Mapping[str, str], *, seconds: float, most_bytes: int, body: bytes | None = None
) -> Iterator[BaseHTTPResponse]:
    """The answer to one request, its headers read and its body not yet."""
    deadline = time.monotonic() + seconds
    endpoint = checked_endpoint(url)
    ours = {"Host": endpoint.authority, "Accept-Encoding": "identity", "User-Agent": "outage-claims"}
    connection = endpoint.connection(max(0.001, min(CONNECT_SECONDS, deadline - time.monotonic())))
    connection.response_class = partial(_bounded, deadline=deadline, most_bytes=most_bytes)  # type: ignore[assignment]
    with _failures_named(endpoint.host), closing(connection):
        connection.request(method, endpoint.target, body=body, headers={**headers, **ours}, preload_content=False)
        with closing(connection.getresponse()) as answer:
            yield answer


class _Wire(io.RawIOBase):
    """What comes in, bounded in time and bytes whatever it is: a header, the length of a chunk, a body."""

    def __init__(self, sock: socket.socket, wire: io.RawIOBase, deadline: float, left: int) -> None:
        self.sock, self.wire, self.deadline, self.left = sock, wire, deadline, left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        seconds = self.deadline - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        self.sock.settimeout(seconds)
        count = self.wire.readinto(buffer)
        self.left -= count or 0
        if self.left < 0:
            raise FetchTooLarge("The answer has more bytes around its body than an answer needs. Nothing of it is kept.")
        return count

    def close(self) -> None:
        self.wire.close()
        super().close()


def _bounded(sock: socket.socket, *, deadline: float, most_bytes: int, **options: Any) -> http.client.HTTPResponse:
    """A body in chunks may be twice as long on the wire, and headers come before it."""
    answer = http.client.HTTPResponse(sock, **options)
    answer.fp = io.BufferedReader(_Wire(sock, answer.fp.detach(), deadline, 2 * most_bytes + 100_000))
    return answer


def _fetched(answer: BaseHTTPResponse, most_bytes: int) -> Fetched:
    _check_head(answer)
    body = bytearray()
    too_large = FetchTooLarge(f"The answer is longer than {most_bytes:,} bytes. Nothing of it is kept.")
    if (answer.length_remaining or 0) > most_bytes:
        raise too_large
    for piece in answer.stream(PIECE, decode_content=False):
        body += piece
        if len(body) > most_bytes:
            raise too_large
    if not body and "Content-Length" not in answer.headers and "Transfer-Encoding" not in answer.headers:
        raise http.client.IncompleteRead(b"")  # the headers may have broken off, which http.client takes for their end
    etag = answer.headers.get("ETag", "")
    return Fetched(bytes(body), etag if _ETAG.fullmatch(etag) else "")


def _check_head(answer: BaseHTTPResponse) -> None:
    if 300 <= answer.status < 400 and answer.status != 304:
        pointed = ascii(answer.headers.get("Location", "")[:200])
        raise FetchRedirected(f"The server points to {pointed} instead. If that is right, give that URL.", field="url")
    if answer.status != 200:
        raise FetchStatus(f"The server answered with status {answer.status} instead of 200.")
    if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise FetchEncoded("The server compressed its answer without being asked to. Such an answer is not unpacked.")


@contextmanager
def _failures_named(host: str) -> Iterator[None]:
    """What goes wrong on a connection as a refusal. Only the kind of a failure is told: its text may quote the answer."""
    try:
        yield
    except (ssl.SSLError, exceptions.SSLError, CertificateError) as failure:
        raise FetchTls(f"{host} has no valid TLS certificate for this name ({_kind(failure)}).") from failure
    except exceptions.NewConnectionError as failure:
        raise FetchUnreachable(f"{host} takes no connection ({_kind(failure)}).") from failure
    except (TimeoutError, exceptions.TimeoutError) as failure:
        raise FetchTimeout(f"{host} did not answer in full within the time.") from failure
    except (OSError, http.client.HTTPException, exceptions.HTTPError, ValueError) as failure:
        # A ValueError is a chunk that says its length is -2, for example.
        raise FetchUnreachable(f"{host} broke off or did not speak HTTP ({_kind(failure)}).") from failure


def _kind(failure: Exception) -> str:
    return type(failure.__cause__ or failure).__name__
