import string

import pytest
from coincurve import PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.core.bolt11 import Bolt11Error, decode
from pos.demo.invoices import Draft, Node, encode

MSAT_IN_ALL_BITCOIN = 21_000_000 * 10**11
KEY = PrivateKey(b"\x11" * 32)
DRAFT = Draft(
    network="regtest",
    amount_msat=8_231_000,
    payment_hash=bytes(range(32)),
    payment_secret=b"\x22" * 32,
    description="生ビール 2杯",
    timestamp=1_753_250_000,
)

NETWORKS = st.sampled_from(["mainnet", "testnet", "signet", "regtest"])
# Round amounts for the large units, which a plain range of integers would hardly ever meet.
ROUND_AMOUNTS = st.builds(lambda digits, zeros: digits * 10**zeros, st.integers(1, 9999), st.integers(0, 14))
AMOUNTS = st.none() | st.integers(1, MSAT_IN_ALL_BITCOIN) | ROUND_AMOUNTS
HIRAGANA_TO_KANJI = st.characters(min_codepoint=0x3040, max_codepoint=0x9FFF)
DESCRIPTIONS = st.text(HIRAGANA_TO_KANJI, max_size=213) | st.text(st.characters(codec="utf-8"), max_size=159)
FEATURES = st.frozensets(st.sampled_from([8, 9, 15, 16, 17, 24, 25, 36, 48, 49, 99, 151])).map(
    lambda bits: bits | {14}
)


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    hashed = draw(st.booleans())
    return Draft(
        network=draw(NETWORKS),
        amount_msat=draw(AMOUNTS),
        payment_hash=draw(st.binary(min_size=32, max_size=32)),
        payment_secret=draw(st.binary(min_size=32, max_size=32)),
        description=None if hashed else draw(DESCRIPTIONS),
        description_hash=draw(st.binary(min_size=32, max_size=32)) if hashed else None,
        timestamp=draw(st.integers(0, 2**35 - 1)),
        expiry_s=draw(st.integers(0, 2**31)),
        min_final_cltv=draw(st.integers(0, 2016)),
        features=draw(FEATURES | st.just(frozenset())),
        names_payee=draw(st.booleans()),
    )


@settings(max_examples=1000, deadline=None)
@given(drafts(), st.integers(1, 2**200), st.booleans())
def test_the_till_reads_back_all_that_the_node_wrote(draft: Draft, secret: int, upper: bool) -> None:
    node = Node(PrivateKey.from_int(secret))
    text = node.invoice(draft)
    invoice = decode(text.upper() if upper else text)
    assert invoice.network == draft.network
    assert invoice.amount_msat == draft.amount_msat
    assert invoice.payment_hash == draft.payment_hash.hex()
    assert invoice.payment_secret == draft.payment_secret.hex()
    assert invoice.payee == node.node_id
    assert invoice.timestamp == draft.timestamp
    assert invoice.expiry_s == draft.expiry_s
    assert invoice.description == draft.description
    assert invoice.description_hash == (draft.description_hash and draft.description_hash.hex())
    assert invoice.min_final_cltv == draft.min_final_cltv
    assert invoice.features == sum(2**bit for bit in draft.features)


@settings(max_examples=500, deadline=None)
@given(drafts(), st.data())
def test_one_damaged_character_anywhere_is_refused(draft: Draft, data: st.DataObject) -> None:
    text = encode(draft, KEY)
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.characters().filter(lambda letter: letter != text[at]))
    with pytest.raises(Bolt11Error):
        decode(text[:at] + letter + text[at + 1 :])


def test_every_letter_and_digit_in_every_place_of_one_invoice_is_refused() -> None:
    text = encode(DRAFT, KEY)
    for at, right in enumerate(text):
        for wrong in string.ascii_lowercase + string.digits:
            if wrong != right:
                with pytest.raises(Bolt11Error):
                    decode(text[:at] + wrong + text[at + 1 :])


@pytest.mark.parametrize(
    ("amount_msat", "start"),
    [
        (None, "lnbcrt1"),
        (1, "lnbcrt10p1"),
        (100, "lnbcrt1n1"),
        (1_000, "lnbcrt10n1"),
        (8_231_000, "lnbcrt82310n1"),
        (100_000, "lnbcrt1u1"),
        (250_000_000, "lnbcrt2500u1"),
        (10**8, "lnbcrt1m1"),
        (10**11, "lnbcrt11"),
        (MSAT_IN_ALL_BITCOIN, "lnbcrt210000001"),
    ],
)
def test_an_amount_is_written_with_the_largest_unit_that_holds_it(
    amount_msat: int | None, start: str
) -> None:
    text = encode(replaced(amount_msat=amount_msat), KEY)
    assert text.startswith(start)
    assert text.rindex("1") == len(start) - 1


def test_a_node_is_known_by_its_public_key() -> None:
    # BIP 340 and SEC 2: the public key of 1 is the curve's generator.
    generator = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
    assert Node(PrivateKey.from_int(1)).node_id == generator


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"network": "litecoin"}, "not one of mainnet"),
        ({"amount_msat": 0}, "positive"),
        ({"amount_msat": -1}, "positive"),
        ({"timestamp": 2**35}, "35 bits"),
        ({"timestamp": -1}, "negative"),
        ({"expiry_s": -1}, "negative"),
        ({"payment_hash": bytes(31)}, "32 bytes"),
        ({"payment_secret": bytes(33)}, "32 bytes"),
        ({"description": None}, "either"),
        ({"description_hash": bytes(32)}, "either"),
        ({"description": "x" * 640}, "longer than 639 bytes"),
    ],
)
def test_what_bolt11_cannot_say_is_not_written(changed: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        encode(replaced(**changed), KEY)


def test_the_longest_description_is_639_bytes() -> None:
    assert decode(encode(replaced(description="杯" * 213), KEY)).description == "杯" * 213


def replaced(**changed: object) -> Draft:
    fields = {name: getattr(DRAFT, name) for name in DRAFT.__slots__}
    return Draft(**fields | changed)
