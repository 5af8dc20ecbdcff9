"""What a server says of a key before anything is written, over real HTTP and TLS."""

import socket
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest

from pos.config import Secret
from pos.core.problem import Problem
from pos.core.route import Route
from pos.demo.access import CREATE, LEAST, MODIFY_STORE, VIEW, VIEW_STORE, Access
from pos.demo.misfortune import Misfortune
from pos.demo.server import DemoServer
from pos.errors import BTCPayError, PairingError, Unreachable
from pos.pairing import Store, ca_file, certificate, keep, probe
from tests.certificates import Certificates

from .conftest import KEY

Serve = Callable[..., DemoServer]
SECRET = Secret(KEY)


def test_a_key_with_the_least_rights_tells_its_store(serve: Serve) -> None:
    server = serve(permissions=LEAST)
    found = probe(Route(server.url), SECRET)
    assert found.stores == (Store(server.store_id, None),)
    assert (found.version, found.synchronized) == ("2.4.1", True)
    assert found.rights(server.store_id).missing == found.rights(server.store_id).dangerous == ()


def test_a_store_has_its_name_where_the_key_may_see_it(serve: Serve) -> None:
    server = serve(permissions={*LEAST, VIEW_STORE})
    assert probe(Route(server.url), SECRET).stores == (Store(server.store_id, "Demo Bar"),)


def test_a_key_for_several_stores_tells_all_of_them(serve: Serve) -> None:
    server = serve(permissions={*LEAST, f"{CREATE}:Other", f"{VIEW}:Other"})
    assert {store.id for store in probe(Route(server.url), SECRET).stores} == {server.store_id, "Other"}


def test_a_key_for_very_many_stores_does_not_keep_anybody_waiting_for_their_names(serve: Serve) -> None:
    server = serve(permissions={f"{CREATE}:Store{number}" for number in range(200)})
    assert len(probe(Route(server.url), SECRET).stores) == 200
    assert len(server.log) < 60


def test_a_dangerous_right_is_found_among_any_number_of_others(serve: Serve) -> None:
    server = serve(permissions={MODIFY_STORE, *(f"{CREATE}:Store{number}" for number in range(5000))})
    found = probe(Route(server.url), SECRET)
    assert found.rights(server.store_id).dangerous == (MODIFY_STORE,)


def test_a_key_for_all_stores_lists_them_where_it_may(serve: Serve) -> None:
    server = serve(key=Access(KEY, LEAST | {VIEW_STORE}, scoped=False))
    assert probe(Route(server.url), SECRET).stores == (Store(server.store_id, "Demo Bar"),)


def test_a_key_for_all_stores_that_may_not_list_them_leaves_the_id_to_the_owner(serve: Serve) -> None:
    found = probe(Route(serve(key=Access(KEY, LEAST, scoped=False)).url), SECRET)
    assert found.stores == ()
    assert found.rights("AnyStore").missing == ()


def test_dangerous_rights_are_named_unless_they_are_allowed(serve: Serve) -> None:
    server = serve(permissions={*LEAST, MODIFY_STORE})
    found = probe(Route(server.url), SECRET)
    assert found.rights(server.store_id).dangerous == (MODIFY_STORE,)
    assert found.rights(server.store_id, frozenset({MODIFY_STORE})).dangerous == ()


def test_a_key_the_server_does_not_know_is_told(serve: Serve) -> None:
    with pytest.raises(BTCPayError) as caught:
        probe(Route(serve().url), Secret(KEY[::-1]))
    assert caught.value.problem is Problem.KEY_UNKNOWN


@pytest.mark.parametrize(("on", "scoped"), [("store", True), ("stores", False)])
def test_a_server_that_breaks_while_it_is_asked_for_names_is_told(serve: Serve, on: str, *, scoped: bool) -> None:
    server = serve(key=Access(KEY, LEAST | {VIEW_STORE}, scoped=scoped))
    server.suffer(Misfortune(kind="500", on=on))
    with pytest.raises(BTCPayError) as caught:
        probe(Route(server.url), SECRET)
    assert caught.value.problem is Problem.SERVER_ERROR


def test_plain_http_has_no_certificate() -> None:
    assert certificate(Route("http://127.0.0.1:9")) is None


def test_a_certificate_is_looked_at_without_a_word_about_the_key(serve: Serve, certificates: Certificates) -> None:
    server = serve(tls=certificates.right)
    shown = certificate(Route(server.url))
    assert shown is not None
    assert shown.distrust is not None
    trusted = certificate(Route(server.url, ca_file=str(certificates.ca)))
    assert trusted is not None
    assert (trusted.distrust, trusted.sha256) == (None, shown.sha256)
    assert server.log == ()


def test_a_certificate_that_vouches_for_itself_can_be_kept_and_trusted(
    serve: Serve, certificates: Certificates, tmp_path: Path
) -> None:
    server = serve(tls=certificates.alone)
    shown = certificate(Route(server.url))
    assert shown is not None
    kept = Route(server.url, ca_file=keep(shown, tmp_path), fingerprint=shown.sha256)
    again = certificate(kept)
    assert again is not None
    assert again.distrust is None
    assert probe(kept, SECRET).version == "2.4.1"


def test_a_server_that_refuses_is_told() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(Unreachable) as caught:
        certificate(Route(f"https://127.0.0.1:{port}"))
    assert caught.value.problem is Problem.UNREACHABLE


def test_a_server_that_speaks_no_tls_is_told_of_http_where_that_would_do(serve: Serve) -> None:
    near = serve().url
    # The same machine, by an address that is not on the list of near ones.
    far = near.replace("127.0.0.1", "[::ffff:127.0.0.1]")
    for address, reason in ((near, "no_https_near"), (far, "no_https")):
        with pytest.raises(PairingError) as caught:
            certificate(Route(address.replace("http:", "https:")))
        assert (caught.value.reason, caught.value.values["plain"]) == (reason, address)


def test_a_server_that_goes_away_in_the_middle_of_tls_is_told() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        leaving = Thread(target=lambda: listening.accept()[0].close())
        leaving.start()
        with pytest.raises(Unreachable) as caught:
            certificate(Route(f"https://127.0.0.1:{listening.getsockname()[1]}"))
        leaving.join()
    assert caught.value.problem in (Problem.TLS, Problem.UNREACHABLE)


# --- the file of a CA ------------------------------------------------------------------------------------------------


def test_a_ca_file_is_found_from_the_folder_one_stands_in_and_from_home(
    certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(certificates.ca.parent)
    monkeypatch.setenv("HOME", str(certificates.ca.parent))
    assert {ca_file("ca.pem"), ca_file("~/ca.pem"), ca_file(str(certificates.ca))} == {str(certificates.ca)}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("none.pem", "ca_no_file"),
        (".", "ca_no_file"),
        ("~nobody-of-that-name/ca.pem", "ca_no_file"),
        ("a\0b", "ca_no_file"),
        ("x" * 300, "ca_no_file"),
        ("/proc/self/mem", "ca_no_file"),
        ("big.pem", "ca_no_certificate"),
        ("text.pem", "ca_no_certificate"),
        ("broken.pem", "ca_no_certificate"),
    ],
)
def test_what_is_no_ca_file_is_told_with_the_name_it_was_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "big.pem").write_bytes(bytes(1_000_001))
    (tmp_path / "text.pem").write_text("no certificate")
    (tmp_path / "broken.pem").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    with pytest.raises(PairingError) as caught:
        ca_file(name)
    assert caught.value.reason == reason
    assert caught.value.values["file"] == str(tmp_path / name).replace("\0", " ")[:300]
