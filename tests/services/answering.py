"""A server for the tests that says whatever it is told to, and counts who came."""

import re
import socketserver
import threading
from contextlib import suppress

NAME = "feeds.example.com"
HANDSHAKE = b"\x16"  # how a TLS client starts
OK = b"HTTP/1.1 200 OK\r\n"


class Server(socketserver.ThreadingTCPServer):
    """Says `script` to whoever sends a request: bytes, or a function of the socket."""

    daemon_threads = True

    def __init__(self, script, context=None):
        self.script, self.context, self.connections, self.requests, self.stopped = script, context, 0, [], threading.Event()
        super().__init__(("127.0.0.1", 0), _Handler)
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]

    def url(self, path="/feed", host="127.0.0.1", scheme="http"):
        return f"{scheme}://{host}:{self.port}{path}"

    def process_request(self, request, client_address):
        self.connections += 1
        super().process_request(request, client_address)

    def drip(self, start, piece):
        """A script that says `start`, then `piece` for ever, a hundred times a second."""

        def script(connection):
            connection.sendall(start)
            while not self.stopped.wait(0.01):
                connection.sendall(piece)

        return script

    def stop(self):
        self.stopped.set()
        self.shutdown()
        self.server_close()


class _Handler(socketserver.BaseRequestHandler):
    def handle(self):
        with suppress(OSError):
            connection = self.request
            if self.server.context:
                connection = self.server.context.wrap_socket(connection, server_side=True)
            received = b""
            while b"\r\n\r\n" not in received and (piece := connection.recv(4_096)):
                received += piece
                if received.startswith(HANDSHAKE):
                    break
            length = re.search(rb"\r\nContent-Length: (\d+)\r\n", received)
            ends = received.find(b"\r\n\r\n") + 4 + int(length[1] if length else 0)
            while len(received) < ends and (piece := connection.recv(4_096)):
                received += piece
            self.server.requests += [received.decode("latin-1")] if received else []
            script = self.server.script
            connection.sendall(script) if isinstance(script, bytes) else script(connection)
            if self.server.context:
                connection.unwrap()
