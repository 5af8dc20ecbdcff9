"""What a key may do, and whether a till sells with it."""

import json
from pathlib import Path

import pytest

from pos.btcpay.rights import CREATE, HARMLESS, NEEDED, VIEW, Rights, judge, stores

STORE = "9CiNzKoANXxmk5ayZngSXrHTiVvvgCrwrpFQd4m2K776"
OPENAPI = Path(__file__).parents[3] / "shared" / "btcpay" / "openapi" / "swagger.template.json"
LEAST = [f"{CREATE}:{STORE}", f"{VIEW}:{STORE}"]


def test_least_rights_for_the_store_are_all_a_till_needs() -> None:
    assert judge(LEAST, STORE, ()) == Rights((), ())


def test_rights_for_every_store_are_rights_for_this_one() -> None:
    assert judge(NEEDED, STORE, ()) == Rights((), ())


@pytest.mark.parametrize(
    ("held", "missing"),
    [
        ([], (CREATE, VIEW)),
        ([CREATE], (VIEW,)),
        ([VIEW], (CREATE,)),
        ([f"{CREATE}:Other", VIEW], (CREATE,)),
        (["btcpay.store.canmodifyinvoices"], ()),
        (["btcpay.store.canviewstoresettings"], (CREATE,)),
        (["btcpay.store.canviewstoresettings", CREATE], ()),
        (["btcpay.store.cancreatelightninginvoice"], (CREATE, VIEW)),
    ],
)
def test_right_that_is_missing_is_named(held: list[str], missing: tuple[str, ...]) -> None:
    assert judge(held, STORE, ()) == Rights(missing, ())


@pytest.mark.parametrize("all_of_it", ["unrestricted", "btcpay.store.canmodifystoresettings"])
def test_right_to_everything_is_enough_and_too_much(all_of_it: str) -> None:
    assert judge([all_of_it], STORE, ()) == Rights((), (all_of_it,))
    assert judge([all_of_it], STORE, {all_of_it}) == Rights((), ())


def test_right_over_another_stores_money_is_dangerous_too() -> None:
    held = [*LEAST, "btcpay.store.canuselightningnode:Other"]
    assert judge(held, STORE, ()).dangerous == ("btcpay.store.canuselightningnode",)


def test_each_dangerous_right_is_allowed_by_its_own_name() -> None:
    held = [*LEAST, "btcpay.store.canmanagepayouts", "btcpay.server.canviewusers"]
    assert judge(held, STORE, {"btcpay.store.canmanagepayouts"}).dangerous == ("btcpay.server.canviewusers",)


def test_right_of_a_later_version_is_dangerous_until_it_is_allowed() -> None:
    assert judge([*LEAST, "btcpay.plugin.x.canpay"], STORE, ()).dangerous == ("btcpay.plugin.x.canpay",)


def test_capital_letters_hide_no_right() -> None:
    assert judge([*LEAST, "Unrestricted"], STORE, ()).dangerous == ("unrestricted",)


def known_rights() -> set[str]:
    """Read the names in BTCPay's own description of API keys."""
    if not OPENAPI.is_file():
        pytest.skip("BTCPay's OpenAPI files are not here")
    schemes = json.loads(OPENAPI.read_text("utf-8-sig"))["components"]["securitySchemes"]
    return {word for word in schemes["API_Key"]["description"].split("`") if word.startswith(("btcpay.", "unrest"))}


def test_every_harmless_right_is_one_that_btcpay_knows() -> None:
    assert known_rights() >= HARMLESS


POWERS = ("canmodify", "canmanage", "canuse", "cansign", "canbroadcast", "cancancel", "candelete", "canimpersonate")
MORE_POWERS = ("transactions", "payments", "wallet", "server", "webhooks", "emails", "unrestricted")


@pytest.mark.parametrize("power", POWERS + MORE_POWERS)
def test_no_right_with_power_is_harmless(power: str) -> None:
    strong = {name for name in known_rights() if power in name} - {"btcpay.store.canmodifyinvoices"}
    strong = {name for name in strong if "canviewp" not in name}
    assert strong
    assert all(judge([*LEAST, name], STORE, ()).dangerous == (name,) for name in strong)


def test_the_stores_of_a_key_are_those_it_can_sell_in() -> None:
    assert stores([f"{CREATE}:b", f"{VIEW}:b", f"{CREATE}:a", f"{VIEW}:a", f"{VIEW}:c"]) == ("a", "b")
    assert stores(NEEDED) == ()
