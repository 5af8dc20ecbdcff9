"""What is asked of BTCPay Server, and what its answers mean, without a network."""

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.btcpay import greenfield as gf
from pos.btcpay.greenfield import Standing
from pos.btcpay.refusals import Response
from pos.core.cart import Cart
from pos.core.money import Money
from pos.core.order import Attempt, Order
from pos.errors import Broken, BTCPayError
from tests.samples import ATTEMPT, BEER, NUTS, SHOP, T0_S

OPENAPI = Path(__file__).parents[3] / "shared" / "btcpay" / "openapi"

PROMPT: dict[str, Any] = {
    "paymentMethodId": "BTC-LN",
    "currency": "BTC",
    "activated": True,
    "destination": "lnbcrt1x",
    "paymentLink": "lightning:lnbcrt1x",
    "rate": "17009000.0",
    "amount": "0.00008231",
    "due": "0.00008231",
    "totalPaid": "0",
    "paymentMethodPaid": "0",
    "paymentMethodFee": "0",
    "payments": [],
    "additionalData": {},
}
INVOICE: dict[str, Any] = {
    "id": "HMprBnL9BTXWuPvpoKBS6e",
    "storeId": "S",
    "amount": "1400",
    "paidAmount": "0",
    "currency": "JPY",
    "type": "Standard",
    "checkoutLink": "https://btcpay.example/i/HMprBnL9BTXWuPvpoKBS6e",
    "status": "New",
    "additionalStatus": "None",
    "createdTime": 1753250000,
    "expirationTime": 1753250600,
    "monitoringExpiration": 1753337000,
    "archived": False,
    "paymentMethods": [PROMPT],
    "metadata": {"orderId": "K1-0042-1-5eed01"},
}


def answer(body: object) -> Response:
    """Write a 200; text is taken as JSON that is written already."""
    text = body if isinstance(body, str) else json.dumps(body)
    return Response(200, "application/json; charset=utf-8", None, text.encode())


def invoice(**changes: Any) -> gf.Invoice:
    return gf.invoice(answer(INVOICE | changes))


def prompt(**changes: Any) -> gf.Prompt:
    (only,) = gf.payment_methods(answer([PROMPT | changes]))
    return only


# Asking


def test_creation_asks_for_lightning_alone_and_at_once() -> None:
    request = gf.create_invoice("S", ATTEMPT, language="en", expiry_min=10)
    assert (request.method, request.path, request.query) == ("POST", "/api/v1/stores/S/invoices", ())
    body = json.loads(request.body or "")
    assert body.keys() == {"amount", "currency", "metadata", "checkout"}
    assert (body["amount"], body["currency"]) == ("1400", "JPY")
    assert body["checkout"] == {
        "paymentMethods": ["BTC-LightningNetwork"],
        "expirationMinutes": 10,
        "lazyPaymentMethods": False,
    }
    assert body["metadata"]["orderId"] == ATTEMPT.reference


def test_ids_cannot_leave_their_place_in_the_path() -> None:
    assert gf.get_invoice("a/b", "../c?d#e%").path == "/api/v1/stores/a%2Fb/invoices/..%2Fc%3Fd%23e%25"
    assert gf.get_payment_methods("S", "a/b").path == "/api/v1/stores/S/invoices/a%2Fb/payment-methods"


def test_search_is_exact_limited_and_sees_archived_invoices() -> None:
    request = gf.find_invoices("S", "K1-0042-1-5eed01")
    assert (request.method, request.path, request.body) == ("GET", "/api/v1/stores/S/invoices", None)
    assert dict(request.query) == {
        "orderId": "K1-0042-1-5eed01",
        "take": "10",
        "includeArchived": "true",
        "includePaymentMethods": "true",
    }


def test_health_needs_no_store() -> None:
    assert gf.get_health() == gf.Request("GET", "/api/v1/health")


@pytest.fixture(scope="module")
def check() -> Callable[[object], None]:
    """Compare with BTCPay's own schema of a request to create an invoice."""
    if not OPENAPI.is_dir():
        pytest.skip("BTCPay's OpenAPI files are not here")
    schemas: dict[str, Any] = {}
    for path in sorted(OPENAPI.glob("*.json")):
        schemas |= json.loads(path.read_text("utf-8-sig")).get("components", {}).get("schemas", {})
    # One half of the allOf forbids what the other half declares.
    names = {name for part in schemas["CreateInvoiceRequest"]["allOf"] for name in _properties(part, schemas)}
    root = {"components": {"schemas": _modern(schemas)}, "$ref": "#/components/schemas/CreateInvoiceRequest"}

    def check(body: Any) -> None:
        assert body.keys() <= names
        jsonschema.Draft202012Validator(root).validate(body)

    return check


def _properties(part: dict[str, Any], schemas: dict[str, Any]) -> list[str]:
    part = schemas[part["$ref"].rpartition("/")[2]] if "$ref" in part else part
    return list(part["properties"])


def _modern(schema: Any) -> Any:
    """Turn OpenAPI 3.0's `nullable` into JSON Schema, and let the halves of an allOf stand together."""
    if isinstance(schema, list):
        return [_modern(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    left_out = ("example", "nullable", "additionalProperties")
    modern = {name: _modern(part) for name, part in schema.items() if name not in left_out}
    return {"anyOf": [modern, {"type": "null"}]} if schema.get("nullable") is True else modern


CART = Cart("JPY").add(BEER).add(NUTS).add_custom(Money(300, "JPY"), SHOP.custom_names)
REQUESTED = (
    ATTEMPT,
    replace(ATTEMPT, number=2, amount=Money(700, "JPY")),
    Attempt(Order("K1", 1, CART.lines, CART.total, T0_S), 1, CART.total, "x"),
    Attempt(Order("K1", 2, ATTEMPT.order.lines, Money(1250, "USD"), T0_S), 1, Money(1250, "USD"), "x"),
)


@pytest.mark.parametrize("attempt", REQUESTED)
def test_creation_is_what_btcpays_schema_asks_for(check: Callable[[object], None], attempt: Attempt) -> None:
    request = gf.create_invoice("S", attempt, language="ja", expiry_min=10)
    check(json.loads(request.body or ""))


# Understanding


def test_invoice_is_read() -> None:
    assert invoice() == gf.Invoice(
        id="HMprBnL9BTXWuPvpoKBS6e",
        order_id="K1-0042-1-5eed01",
        amount=Decimal(1400),
        currency="JPY",
        type="Standard",
        standing=Standing.OPEN,
        created_s=1753250000,
        expires_s=1753250600,
        monitored_until_s=1753337000,
        prompts=(gf.Prompt("lnbcrt1x", 8_231_000, 0, Decimal("17009000.0")),),
    )


def test_list_of_invoices_keeps_its_order() -> None:
    found = gf.invoices(answer([INVOICE, INVOICE | {"id": "older"}]))
    assert [one.id for one in found] == ["HMprBnL9BTXWuPvpoKBS6e", "older"]
    assert gf.invoices(answer([])) == ()


def test_payment_methods_that_were_not_embedded_are_unknown_and_not_none() -> None:
    without = {name: value for name, value in INVOICE.items() if name != "paymentMethods"}
    for body in (without, INVOICE | {"paymentMethods": []}, INVOICE | {"paymentMethods": None}):
        assert gf.invoice(answer(body)).prompts is None
    assert invoice(paymentMethods=[PROMPT | {"paymentMethodId": "BTC-CHAIN"}]).prompts == ()


@pytest.mark.parametrize("metadata", [None, {}, {"orderId": None}, {"orderId": ""}])
def test_invoice_of_another_system_has_no_order_id(metadata: object) -> None:
    assert invoice(metadata=metadata).order_id == ""


def test_order_id_that_is_a_number_is_text() -> None:
    assert invoice(metadata={"orderId": 42}).order_id == "42"


@pytest.mark.parametrize(
    ("status", "additional", "standing"),
    [
        ("New", "None", Standing.OPEN),
        ("New", "PaidPartial", Standing.PART_PAID),
        ("New", "Unheard", Standing.OPEN),
        ("Processing", "None", Standing.NOTICED),
        ("Processing", "PaidOver", Standing.NOTICED),
        ("Settled", "None", Standing.SETTLED),
        ("Settled", "PaidOver", Standing.SETTLED),
        ("Settled", "Marked", Standing.SETTLED),
        ("Expired", "None", Standing.EXPIRED),
        ("Expired", "PaidPartial", Standing.EXPIRED),
        ("Expired", "PaidLate", Standing.PAID_LATE),
        ("Expired", "PaidOver", Standing.PAID_LATE),
        ("Invalid", "None", Standing.INVALID),
        ("Invalid", "Marked", Standing.INVALID),
    ],
)
def test_status_and_additional_status_say_one_thing_together(
    status: str, additional: str, standing: Standing
) -> None:
    assert invoice(status=status, additionalStatus=additional).standing is standing


@pytest.mark.parametrize("status", ["new", "Paid", "Refunded"])
def test_status_nobody_knows_is_not_guessed_at(status: str) -> None:
    with pytest.raises(Broken, match="unknown status"):
        invoice(status=status)


@pytest.mark.parametrize("amount", ['"800"', '"800.0"', '"800.00000000"', "800", "800.0", '"8E+2"'])
def test_scale_of_a_figure_does_not_matter(amount: str) -> None:
    text = json.dumps(INVOICE).replace('"1400"', amount)
    assert gf.invoice(answer(text)).asks_for(Money(800, "JPY"))


def test_figure_is_compared_exactly() -> None:
    assert invoice(amount="12.50", currency="USD").asks_for(Money(1250, "USD"))
    assert not invoice(amount="12.500000000000000000000000001", currency="USD").asks_for(Money(1250, "USD"))
    assert not invoice(amount="1400.1").asks_for(Money(1400, "JPY"))
    assert not invoice(currency="jpy").asks_for(Money(1400, "JPY"))
    assert not invoice(type="TopUp").asks_for(Money(1400, "JPY"))


@pytest.mark.parametrize("due", ['"0.00008231"', '"0.0000823100"', "0.00008231", "8.231E-5", '"8.231E-5"'])
def test_bitcoin_comes_in_several_spellings(due: str) -> None:
    (read,) = gf.payment_methods(answer(json.dumps([PROMPT]).replace('"due": "0.00008231"', f'"due": {due}')))
    assert read.due_msat == 8_231_000


def test_overpayment_is_a_negative_due() -> None:
    read = prompt(due="-0.00001", totalPaid="0.00009231")
    assert (read.due_msat, read.paid_msat) == (-1_000_000, 9_231_000)


def test_millisatoshi_are_kept() -> None:
    assert prompt(due="0.00000000001").due_msat == 1


@pytest.mark.parametrize("destination", [None, ""])
def test_payment_method_without_a_bolt11_is_there_all_the_same(destination: object) -> None:
    assert prompt(destination=destination).destination == ""


@pytest.mark.parametrize(
    ("key", "name"),
    [("paymentMethod", "BTC-LightningNetwork"), ("paymentMethod", "BTC_LightningLike"), ("paymentMethodId", "BTC-LN")],
)
def test_lightning_has_a_name_in_every_version(key: str, name: str) -> None:
    body = {field: value for field, value in PROMPT.items() if field != "paymentMethodId"} | {key: name}
    assert len(gf.payment_methods(answer([body]))) == 1


def test_other_payment_methods_are_left_out_even_if_they_cannot_be_read() -> None:
    others = [{"paymentMethodId": "BTC-CHAIN"}, {"paymentMethod": "BTC"}, {}]
    assert gf.payment_methods(answer([*others, PROMPT])) == (prompt(),)


def test_rate_is_shown_in_the_currencys_own_unit() -> None:
    assert gf.rate_of(prompt(rate="17009000.5"), "JPY") == Money(17_009_001, "JPY")
    assert gf.rate_of(prompt(rate="109000.125"), "USD") == Money(10_900_013, "USD")
    assert gf.rate_of(prompt(rate=100_000_000), "SATS") == Money(100_000_000, "SATS")


@pytest.mark.parametrize(
    ("body", "up"),
    [({"synchronized": True}, True), ({"synchronized": False}, False), ({"synchronized": 1}, False), ({}, False)],
)
def test_health_is_believed_only_if_it_says_so(body: object, up: bool) -> None:
    assert gf.healthy(answer(body)) is up


WRONG = [None, True, 1, -1, 1.5, 10**40, "", "x", "NaN", "Infinity", "1e999", "1e-99", "\ud800", [], {}, [[]], {"a": 1}]


@pytest.mark.parametrize("field", ["id", "amount", "currency", "type", "status", "createdTime", "expirationTime"])
def test_field_that_is_not_there_makes_no_invoice(field: str) -> None:
    with pytest.raises(Broken, match="not an invoice"):
        gf.invoice(answer({name: value for name, value in INVOICE.items() if name != field}))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "\ud800"),
        ("id", 7),
        ("id", ""),
        ("status", ""),
        ("amount", None),
        ("amount", True),
        ("amount", "NaN"),
        ("amount", "Infinity"),
        ("amount", "1e31"),
        ("amount", "1e-31"),
        ("amount", "1,400"),
        ("amount", "1e99999999999999999999"),
        ("createdTime", True),
        ("createdTime", "1753250000"),
        ("createdTime", 1753250000.5),
        ("metadata", [1]),
        ("metadata", "x"),
        ("paymentMethods", {"a": 1}),
        ("paymentMethods", 7),
    ],
)
def test_field_of_another_shape_makes_no_invoice(field: str, value: object) -> None:
    with pytest.raises(Broken):
        invoice(**{field: value})


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity", "1e400"])
def test_number_that_json_does_not_have_is_no_amount(literal: str) -> None:
    with pytest.raises(Broken):
        gf.invoice(answer(json.dumps(INVOICE).replace('"1400"', literal)))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *((field, value) for field in ("due", "totalPaid", "rate") for value in (None, True, "", "x", "NaN", [], {})),
        ("due", "0.000000000001"),
        ("totalPaid", "1e-12"),
        ("totalPaid", "-0.00000001"),
        ("rate", "1e99"),
    ],
)
def test_figure_of_a_payment_method_that_is_none_is_not_guessed_at(field: str, value: object) -> None:
    with pytest.raises(Broken, match="not payment methods"):
        prompt(**{field: value})


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe\x00{", b'{"a":' * 100_000, b"9" * 5000, b"null", b"true", b'"x"']
)
@pytest.mark.parametrize("read", [gf.invoice, gf.invoices, gf.payment_methods, gf.healthy])
def test_anything_but_the_json_that_was_asked_for_is_nonsense(read: Callable[[Response], object], body: bytes) -> None:
    with pytest.raises(Broken):
        read(Response(200, "application/json", None, body))


READERS = (gf.invoice, gf.invoices, gf.payment_methods, gf.healthy)
# Half a surrogate pair can be written in JSON, and .NET would let it pass.
TEXT = st.text(st.characters(codec=None) | st.characters(categories=["Cs"]), max_size=20)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT | st.sampled_from(WRONG),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


def assert_understood_or_refused(response: Response) -> None:
    for read in READERS:
        evidence = ""
        try:
            assert_usable(read(response))
        except BTCPayError as exc:
            evidence = exc.evidence
        assert evidence.isprintable()
        assert len(evidence) < 1500


def assert_usable(understood: object) -> None:
    """Do with what was read everything that the clerk does with it."""
    for one in understood if isinstance(understood, tuple) else (understood,):
        if isinstance(one, gf.Invoice):
            one.asks_for(ATTEMPT.amount)
            gf.get_payment_methods("S", one.id)
            assert_usable(one.prompts or ())
        if isinstance(one, gf.Prompt):
            one.destination.encode()
            gf.rate_of(one, "USD")


@settings(max_examples=500)
@given(st.integers(100, 599), st.sampled_from(["", "application/json", "text/html"]), st.binary(max_size=200))
def test_no_bytes_raise_anything_else(status: int, media: str, body: bytes) -> None:
    assert_understood_or_refused(Response(status, media, None, body))


@settings(max_examples=500)
@given(ANY_JSON)
def test_no_json_raises_anything_else(body: object) -> None:
    assert_understood_or_refused(answer(json.dumps(body)))


@settings(max_examples=1000)
@given(st.none() | st.sampled_from(sorted(INVOICE)), st.none() | st.sampled_from(sorted(PROMPT)), ANY_JSON)
def test_no_field_gone_wrong_raises_anything_else(field: str | None, inner: str | None, value: object) -> None:
    wrong_prompt = PROMPT | ({inner: value} if inner else {})
    wrong = INVOICE | {"paymentMethods": [wrong_prompt]} | ({field: value} if field else {})
    for body in (wrong, [wrong, INVOICE], [wrong_prompt]):
        assert_understood_or_refused(answer(json.dumps(body)))


@settings(max_examples=500)
@given(st.data())
def test_no_damage_to_the_text_raises_anything_else(data: st.DataObject) -> None:
    text = bytearray(json.dumps(INVOICE).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        text[start : start + data.draw(st.integers(0, 12))] = data.draw(st.binary(max_size=6))
    assert_understood_or_refused(Response(200, "application/json", None, bytes(text)))
