"""Which addresses are contacted at all, through a proxy or not, and under which certificates."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from state.model import Verdict
from tests.watchers.conftest import Make
from tests.watchers.loopback import Loopback, loopback, moved, reply
from tests.watchers.pages import PAGE, fetch_page


class TestGuard:
    @pytest.mark.parametrize(
        "host",
        ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "127.1"],
    )
    def test_loopback_is_not_asked(self, server: Loopback, fetcher: Make, host: str) -> None:
        url = server.says("/page", reply(PAGE)).replace("127.0.0.1", host)
        capture = fetch_page(fetcher(allow_hosts=frozenset()), url)
        assert capture.verdict is Verdict.BLOCKED
        assert "loopback" in capture.reason or "this network" in capture.reason
        assert server.asked("/page") == []

    @pytest.mark.parametrize(
        "address",
        [
            "10.0.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "192.88.99.1",
            "224.0.0.1",
            "0xa9fea9fe",
            "025177524776",
            "2852039166",
            "[fd00::1]",
            "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]",
            "[::ffff:100.64.0.1]",
        ],
    )
    def test_redirects_into_private_networks_are_refused(
        self, server: Loopback, fetcher: Make, address: str
    ) -> None:
        capture = fetch_page(fetcher(), server.says("/page", moved(f"http://{address}/latest/meta-data")))
        assert capture.verdict is Verdict.BLOCKED
        assert "list it under allow_hosts if you mean it" in capture.reason

    def test_a_redirect_into_loopback_by_another_name_is_refused(self, server: Loopback, fetcher: Make) -> None:
        url = server.says("/page", moved(f"{server.url.replace('127.0.0.1', 'localhost')}/secret"))
        server.says("/secret", reply(PAGE))
        assert fetch_page(fetcher(), url).verdict is Verdict.BLOCKED
        assert server.asked("/secret") == []


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 with its key, made for this run."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not on this machine")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=loopback -addext subjectAltName=IP:127.0.0.1"
    )
    files = ["-keyout", str(path), "-out", str(path.with_suffix(".crt"))]
    subprocess.run([*command.split(), *files], check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + path.with_suffix(".crt").read_bytes())
    return path


class TestTls:
    def test_the_leaf_is_kept(self, certificate: Path, fetcher: Make) -> None:
        serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        serving.load_cert_chain(certificate)
        trusting = ssl.create_default_context(cafile=str(certificate))
        with loopback(tls=serving) as server:
            capture = fetch_page(fetcher(tls=trusting), server.says("/page", reply(PAGE)))
        assert capture.verdict is Verdict.PRESENT
        text = certificate.with_suffix(".crt").read_text()
        assert capture.certificate == ssl.PEM_cert_to_DER_cert(text)

    def test_a_certificate_that_nobody_vouches_for(self, certificate: Path, fetcher: Make) -> None:
        serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        serving.load_cert_chain(certificate)
        with loopback(tls=serving) as server:
            capture = fetch_page(fetcher(), server.says("/page", reply(PAGE)))
            assert server.asked("/page") == []
        assert (capture.verdict, "certificate" in capture.reason.lower()) == (Verdict.UNREACHABLE, True)


class TestProxy:
    def test_is_gone_through(self, server: Loopback, fetcher: Make) -> None:
        server.says("http://public.invalid/page", reply(PAGE))
        one = fetcher(proxy=server.url.replace("http://", "http://me:word@"), allow_hosts=frozenset())
        assert fetch_page(one, "http://public.invalid/page").verdict is Verdict.PRESENT
        assert server.asked("http://public.invalid/page")[0]["proxy-authorization"].startswith("Basic ")

    def test_does_not_lead_into_private_networks(self, server: Loopback, fetcher: Make) -> None:
        server.says("http://10.0.0.1/page", reply(PAGE))
        server.says("http://public.invalid/page", moved("http://169.254.169.254/latest"))
        one = fetcher(proxy=server.url, allow_hosts=frozenset())
        for url in ("http://10.0.0.1/page", "http://public.invalid/page"):
            assert fetch_page(one, url).verdict is Verdict.BLOCKED
