"""A server that answers as the Hugging Face hub does when a file is fetched."""

import hashlib
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def hub(models):
    """Serve ``models``: name to files, each a name to bytes; yields the server's address."""

    class Handler(BaseHTTPRequestHandler):
        def _send(self, *, body):
            name, _, file = self.path.lstrip("/").partition("/resolve/main/")
            content = models.get(name, {}).get(file.partition("?")[0])
            if content is None:
                self.send_response(404)
                self.end_headers()
                return
            self.send_response(200)
            self.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()}"')
            self.send_header("X-Repo-Commit", "0" * 40)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if body:
                self.wfile.write(content)

        def do_HEAD(self):
            self._send(body=False)

        def do_GET(self):
            self._send(body=True)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
