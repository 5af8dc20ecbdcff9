"""What the first start finds out of a server, over real HTTP and TLS."""

import time
from collections.abc import Callable, Sequence

import pytest

from pos.check.finding import Finding, Grade, worst
from pos.config import Secret
from pos.demo.access import CREATE, LEAST, MODIFY_STORE, VIEW, VIEW_STORE, Access
from pos.demo.server import DemoServer
from pos.first_start.asking import look, reach
from pos.pairing import Store
from tests.certificates import Certificates, certificates

from .conftest import KEY

__all__ = ["certificates"]

Serve = Callable[..., DemoServer]
SECRET = Secret(KEY)


def now_s() -> int:
    return int(time.time())


def grades(findings: Sequence[Finding]) -> dict[str, Grade]:
    steps = {found.step for found in findings}
    return {step: worst(found for found in findings if found.step == step) for step in steps}


def test_a_server_that_is_there_tells_its_version_and_the_keys_store(serve: Serve) -> None:
    server = serve(permissions=LEAST)
    reached = reach(server.url, SECRET, now_s)
    assert reached.stores == (Store(server.store_id, None),)
    assert grades(reached.findings) == dict.fromkeys(("dns", "tls", "server", "sync"), Grade.OK)
    seen = look(server.url, SECRET, server.store_id)
    assert grades(seen.findings) == dict.fromkeys(("key", "store", "methods"), Grade.OK)


def test_lightning_is_seen_where_the_key_may_look(serve: Serve) -> None:
    server = serve(permissions={*LEAST, VIEW_STORE})
    found = {finding.step: finding.reason for finding in look(server.url, SECRET, server.store_id).findings}
    assert found["methods"] == "methods_ok"


def test_a_server_that_is_away_is_one_failure_and_no_store() -> None:
    reached = reach("http://127.0.0.1:9", SECRET, now_s)
    assert grades(reached.findings)["server"] is Grade.FAIL
    assert reached.stores == ()


def test_a_name_that_nobody_knows_is_asked_nothing_more() -> None:
    reached = reach("https://no-such-host.invalid", SECRET, now_s)
    assert grades(reached.findings) == {"dns": Grade.FAIL}


def test_a_certificate_that_is_not_trusted_never_sees_the_key(serve: Serve, certificates: Certificates) -> None:
    server = serve(tls=certificates.alone)
    reached = reach(server.url, SECRET, now_s)
    assert grades(reached.findings)["tls"] is Grade.FAIL
    assert reached.stores == ()
    assert [exchange for exchange in server.log if "api" in exchange.path] == []


def test_a_wrong_key_is_the_keys_fault(serve: Serve) -> None:
    reached = reach(serve(key="f" * 40).url, SECRET, now_s)
    assert grades(reached.findings)["key"] is Grade.FAIL
    assert reached.stores == ()


def test_a_key_that_tells_no_store_is_to_be_made_again(serve: Serve) -> None:
    reached = reach(serve(key=Access(KEY, LEAST, scoped=False)).url, SECRET, now_s)
    assert grades(reached.findings)["store"] is Grade.FAIL
    assert reached.stores == ()


@pytest.mark.parametrize("permissions", [{VIEW}, {*LEAST, MODIFY_STORE}, {CREATE}])
def test_a_key_with_too_few_or_too_many_rights_is_not_taken(serve: Serve, permissions: set[str]) -> None:
    server = serve(permissions=permissions)
    assert grades(look(server.url, SECRET, server.store_id).findings)["key"] is Grade.FAIL
