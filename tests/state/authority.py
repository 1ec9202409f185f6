"""A time stamp authority on loopback, made with the openssl program."""

from __future__ import annotations

import shutil
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

_CONFIGURATION = """
[req]
distinguished_name = dn
[dn]
[ca]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[tsa_certificate]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
[tsa]
default_tsa = authority
[authority]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
"""


class Authority:
    """Answers requests for stamps; ``root`` is its certificate to verify them with."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "ca.pem"
        (folder / "it.cnf").write_text(_CONFIGURATION)
        (folder / "serial").write_text("01\n")
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", "it.cnf"]
        self._openssl(
            *("req", "-x509", *curve, "-extensions", "ca", "-days", "30", "-subj", "/CN=Test root"),
            *("-keyout", "ca.key", "-out", "ca.pem"),
        )
        self._openssl("req", *curve, "-subj", "/CN=Test stamps", "-keyout", "tsa.key", "-out", "tsa.csr")
        self._openssl(
            *("x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"),
            *("-days", "30", "-extfile", "it.cnf", "-extensions", "tsa_certificate", "-out", "tsa.pem"),
        )

    def answer(self, request: bytes) -> bytes:
        """The reply to a request."""
        (self.folder / "request").write_bytes(request)
        self._openssl("ts", "-reply", "-config", "it.cnf", "-queryfile", "request", "-out", "reply")
        return (self.folder / "reply").read_bytes()

    def _openssl(self, *words: str) -> None:
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True, timeout=30)


@contextmanager
def authority(folder: Path) -> Iterator[tuple[Authority, str]]:
    """An authority that listens, and its address; skips where there is no openssl program."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl program here")
    folder.mkdir()
    made = Authority(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            reply = made.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield made, f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()


def post(url: str, request: bytes) -> bytes:
    """What the program does over HTTP, without its transport."""
    asked = urllib.request.Request(url, request, {"Content-Type": "application/timestamp-query"})
    with urllib.request.urlopen(asked, timeout=20) as answer:
        body: bytes = answer.read()
        return body
