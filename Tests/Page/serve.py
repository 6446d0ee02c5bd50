#!/usr/bin/env python3
"""Serves the page's files from the sources, and passes everything else to a running host.

For work on the page: what is edited is there at the next reload, without a build.
Usage: Tests/Page/serve.py HOST_PORT [PORT]
"""

import http.client
import http.server
import pathlib
import sys
import threading

PAGE = pathlib.Path(__file__).resolve().parents[2] / "Sources/ControlIngress/Page"
TYPES = {".html": "text/html", ".css": "text/css", ".mjs": "text/javascript", ".svg": "image/svg+xml"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        path = self.path.split("?")[0]
        name = "page.html" if path == "/" else path.removeprefix("/page/")
        if path == "/" or path.startswith("/page/"):
            self.send_file(PAGE / pathlib.PurePath(name).name)
        else:
            self.pass_on()

    def send_file(self, file):
        if not file.is_file():
            return self.send_error(404)
        content = file.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", TYPES[file.suffix] + "; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def pass_on(self):
        self.close_connection = True
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        host = http.client.HTTPConnection("127.0.0.1", self.server.host_port)
        try:
            host.request(self.command, self.path, body or None, dict(self.headers))
            answer = host.getresponse()
        except OSError:
            return self.connection.close()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        while chunk := answer.read1(65536):
            self.wfile.write(chunk)
            self.wfile.flush()

    do_GET = do_POST = do_PUT = do_DELETE = answer

    def log_message(self, *_):
        pass


class Front(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, host_port, port):
        super().__init__(("127.0.0.1", port), Handler)
        self.host_port = host_port

    def handle_error(self, *_):
        """A browser that goes, or a host that is killed, is no error of this server."""


def front(host_port, port=0):
    """A server before a host, on a thread of its own."""
    server = Front(host_port, port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


if __name__ == "__main__":
    port = int(sys.argv[2]) if len(sys.argv) > 2 else 8081
    print(f"http://127.0.0.1:{port}/", flush=True)
    Front(int(sys.argv[1]), port).serve_forever()
