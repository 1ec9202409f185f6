"""A time stamp authority on loopback, made with the openssl program."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import threading
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_CONFIGURATION = """
[tsa]
default_tsa = authority
[authority]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
certs = ca.pem
accuracy = secs:1, millisecs:500
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
"""


class Authority:
    """Answers requests for stamps; ``root`` is its certificate, which it also sends along."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "ca.pem"
        (folder / "it.cnf").write_text(_CONFIGURATION)
        (folder / "serial").write_text("01\n")
        self._ca = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Test root {folder.name}")])
        root = _certificate(self._name, self._ca.public_key(), self._name, valid=(-3000, 3000)).add_extension(
            x509.BasicConstraints(ca=True, path_length=None), critical=True
        )
        self.root.write_bytes(root.sign(self._ca, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        self.issue("tsa")

    def issue(
        self,
        name: str,
        *,
        uses: Sequence[x509.ObjectIdentifier] = (ExtendedKeyUsageOID.TIME_STAMPING,),
        critical: bool = True,
        valid: tuple[int, int] = (-1, 30),
    ) -> None:
        """Make ``name.pem`` and ``name.key``, a certificate that the root issued, ``valid`` in days from now."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Test {name}")])
        made = (
            _certificate(subject, key.public_key(), self._name, valid=valid)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage(uses), critical=critical)
            .sign(self._ca, hashes.SHA256())
        )
        (self.folder / f"{name}.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
        (self.folder / f"{name}.key").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )

    def answer(self, request: bytes) -> bytes:
        """The reply to a request."""
        (self.folder / "request").write_bytes(request)
        self._openssl("ts", "-reply", "-config", "it.cnf", "-queryfile", "request", "-out", "reply")
        return (self.folder / "reply").read_bytes()

    def answer_signed_by(self, name: str, request: bytes, alter: Callable[[bytes], bytes] = bytes) -> bytes:
        """The reply with what it states (TSTInfo, DER) altered, signed with any certificate that was issued.

        The openssl program signs no stamp with a certificate for something else; a liar would.
        """
        self.answer(request)
        self._openssl("ts", "-reply", "-in", "reply", "-token_out", "-out", "token")
        self._openssl("cms", "-verify", "-noverify", "-inform", "DER", "-in", "token", "-out", "info")
        (self.folder / "info").write_bytes(alter((self.folder / "info").read_bytes()))
        self._openssl(
            *("cms", "-sign", "-binary", "-nodetach", "-cades", "-md", "sha256", "-outform", "DER"),
            *("-econtent_type", "1.2.840.113549.1.9.16.1.4", "-in", "info", "-out", "token"),
            *("-signer", f"{name}.pem", "-inkey", f"{name}.key"),
        )
        token = (self.folder / "token").read_bytes()
        body = bytes.fromhex("3003020100") + token  # granted
        return b"\x30\x82" + len(body).to_bytes(2, "big") + body

    def _openssl(self, *words: str) -> None:
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True, timeout=30)


def _certificate(
    subject: x509.Name, key: ec.EllipticCurvePublicKey, issuer: x509.Name, *, valid: tuple[int, int]
) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return x509.CertificateBuilder(
        issuer_name=issuer,
        subject_name=subject,
        public_key=key,
        serial_number=x509.random_serial_number(),
        not_valid_before=now + dt.timedelta(days=valid[0]),
        not_valid_after=now + dt.timedelta(days=valid[1]),
    )


@contextmanager
def authority(
    folder: Path, lie: Callable[[Authority, bytes], bytes] = Authority.answer
) -> Iterator[tuple[Authority, str]]:
    """An authority that listens, and its address; skips where there is no openssl program.

    ``lie`` makes its replies otherwise than an honest one does.
    """
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl program here")
    folder.mkdir()
    made = Authority(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            reply = lie(made, self.rfile.read(int(self.headers["Content-Length"])))
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
