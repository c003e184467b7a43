"""A webhook never leads inside: not by its address, not by its name, not by what the name says later."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from sayso.domain.errors_hooks import HookRefused
from sayso.workspace import hooks_post
from sayso.workspace.hooks import Hook
from sayso.workspace.hooks_address import Forbidden, is_public, pinned, read_url
from sayso.workspace.hooks_message import Message
from sayso.workspace.hooks_post import Postman
from tests.hooks.receivers import receiving

INSIDE = (
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd12:3456::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2002:c0a8:101::",
    "no address",
    "",
)
OUTSIDE = ("93.184.215.14", "1.1.1.1", "2606:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1")


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_not_public(address: str):
    assert not is_public(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_outside_is_public(address: str):
    assert is_public(address)


@given(st.integers(0, 2**32 - 1))
def test_an_ipv4_address_is_as_public_however_it_is_wrapped(number: int):
    plain = IPv4Address(number)
    for wrapped in (f"::ffff:{plain}", str(IPv6Address((0x64FF9B << 96) + number))):
        assert is_public(wrapped) == is_public(str(plain))
    if is_public(str(plain)):
        assert ip_address(number).is_global


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://crm.example/x", "not https"),
        ("ftp://crm.example/x", "not https"),
        ("file:///etc/passwd", "no address"),
        ("https://", "no address"),
        ("https:///x", "no address"),
        ("crm.example", "no address"),
        ("", "no address"),
        ("https://localhost/x", "own network"),
        ("https://LOCALHOST./x", "own network"),
        ("https://printer.local/x", "own network"),
        ("https://127.0.0.1/x", "own network"),
        ("https://127.1/x", "own network"),
        ("https://2130706433/x", "own network"),
        ("https://0x7f000001/x", "own network"),
        ("https://0177.0.0.1/x", "own network"),
        ("https://[::1]/x", "own network"),
        ("https://[::ffff:10.0.0.1]/x", "own network"),
        ("https://[fe80::1%25eth0]/x", "no address"),
        ("https://169.254.169.254/latest/meta-data", "own network"),
        ("https://ann:secret@crm.example/x", "password"),
        ("https://crm.example@127.0.0.1/x", "password"),
        ("https://crm.example/x#y", "fragment"),
        ("https://crm.example:0/x", "port 0"),
        ("https://crm.example:99999/x", "no address"),
        ("https://crm.example:x/x", "no address"),
        ("https://crm.example/a b", "no address"),
        ("https://crm.example/a\r\nHost: x", "no address"),
        ("https://crm.example\\@127.0.0.1/", "no address"),
        ("https://crm.ex\u00e4mple/", "no address"),
        ("https://crm.example\u3002x/", "no address"),
        ("https://[::1/x", "no address"),
        ("https://crm.example/" + "x" * 2000, "no address"),
    ],
)
def test_an_address_that_cannot_be_a_receiver_is_named(url: str, says: str):
    with pytest.raises(HookRefused) as refused:
        read_url(url, private=False)
    assert says in refused.value.message
    assert "secret" not in refused.value.hint
    assert refused.value.message.isascii()


def test_an_address_of_a_receiver_is_taken_apart():
    found = read_url("https://crm.example:8443/in/sayso?x=1", private=False)
    assert (found.host, found.port, found.path) == ("crm.example", 8443, "/in/sayso?x=1")
    assert found.netloc == "crm.example:8443"
    assert read_url("https://crm.example", private=False).path == "/"
    assert read_url("https://[2606:4700::1111]/", private=False).netloc == "[2606:4700::1111]"


class Names:
    """Names that lead elsewhere each time they are asked for."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers, self.asked = list(answers), 0

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked += 1
        return self.answers[min(self.asked, len(self.answers)) - 1]


def test_one_private_address_among_public_ones_is_enough_to_refuse():
    target = read_url("https://crm.example/", private=False)
    with pytest.raises(Forbidden, match="address-private"):
        pinned(target, private=False, lookup=Names(["1.1.1.1", "10.0.0.1"]))
    assert pinned(target, private=False, lookup=Names(["1.1.1.1"])) == "1.1.1.1"


def test_a_name_that_leads_nowhere_is_said_so():
    def fails(host: str, port: int) -> Sequence[str]:
        raise OSError("no such name")

    target = read_url("https://crm.example/", private=False)
    for lookup in (fails, Names([])):
        with pytest.raises(Forbidden, match="name-unknown"):
            pinned(target, private=False, lookup=lookup)


def hook(url: str, *, private: bool) -> Hook:
    return Hook(
        id="00000000",
        url=url,
        secret="whsec_AAAA",
        decisions=("*",),
        kinds=("*",),
        whole=False,
        private=private,
        since=0,
        made="",
    )


def posted(postman: Postman, url: str, *, private: bool) -> str:
    return asyncio.run(postman.post(hook(url, private=private), Message({}, b"{}")))


def test_a_name_that_leads_inside_the_next_time_is_asked_only_once_and_refused_then():
    """Rebinding: public when the hook was added, inside when the event is sent."""
    with receiving() as receiver:
        names = Names(["127.0.0.1"], ["93.184.215.14"])
        url = f"https://crm.example:{receiver.port}/"
        read_url(url, private=False)
        assert posted(Postman(lookup=names), url, private=False) == "address-private"
        assert names.asked == 1
        assert receiver.came == []


def test_the_connection_goes_to_the_address_that_was_looked_at():
    """The name leads here the first time and nowhere after that; nobody asks a second time."""
    with receiving() as receiver:
        names = Names(["127.0.0.1"], ["192.0.2.1"])
        url = f"http://crm.example:{receiver.port}/in?x=1"
        assert posted(Postman(lookup=names), url, private=True) == ""
        assert names.asked == 1
        (came,) = receiver.came
        assert came.headers["host"] == f"crm.example:{receiver.port}"
        assert came.path == "/in?x=1"


def test_a_postman_that_asks_for_the_name_again_is_found_out(monkeypatch: pytest.MonkeyPatch):
    names = Names(["93.184.215.14"], ["127.0.0.1"])

    def careless(target, *, private, lookup):
        pinned(target, private=private, lookup=lookup)
        return lookup(target.host, target.port)[0]

    monkeypatch.setattr(hooks_post, "pinned", careless)
    with receiving() as receiver:
        url = f"https://crm.example:{receiver.port}/"
        # It gets as far as the receiver inside, which does not speak TLS.
        assert posted(Postman(lookup=names), url, private=False) != "address-private"
        assert names.asked == 2


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch):
    with receiving() as proxy, receiving() as receiver:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert posted(Postman(), receiver.url, private=True) == ""
        assert proxy.came == []


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a receiver of a name shows, and what trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    both = folder / f"{name}.pem"
    both.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    shows = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shows.load_cert_chain(both)
    return shows, ssl.create_default_context(cafile=str(both))


def test_the_certificate_is_held_against_the_name_though_the_address_is_pinned(tmp_path: Path):
    shows, trusts = certificate(tmp_path, "crm.example")
    with receiving(shows) as receiver:
        taker = Postman(lookup=Names(["127.0.0.1"]), trust=trusts)
        right = f"https://crm.example:{receiver.port}/"
        wrong = f"https://other.example:{receiver.port}/"
        assert posted(taker, right, private=True) == ""
        assert posted(taker, wrong, private=True) == "not-connected"
        untrusting = Postman(lookup=Names(["127.0.0.1"]))
        assert posted(untrusting, right, private=True) == "not-connected"
        assert len(receiver.came) == 1
