import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from coincurve import PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.core import bech32
from pos.core.bolt11 import Bolt11Error, Expected, Fault, Invoice, Mismatch, check, decode

VECTORS = json.loads((Path(__file__).parent / "bolt11_vectors.json").read_text())
SHARED_VECTORS = Path(__file__).parents[3] / "shared" / "data" / "bolt11-vectors.json"

# Of the specification's examples: its node, and the donation invoice that this node signed.
KEY = PrivateKey(bytes.fromhex("e126f68f7eafcc8b74f54d269fe206be715000f94dac067d1c04a8ca3b2db734"))
PAYEE = "03e7156ae33b0a208d0744199163177e909e80176e55d97a2f221ede0f934dd9ad"
CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
NOW_S = 1_700_000_000

SECTION_OF = {
    "Same, but adding invalid unknown feature 100": "Feature Bits",
    "Bech32 checksum is invalid.": "Encoding Overview",
    "Malformed bech32 string (no 1)": "Encoding Overview",
    "Malformed bech32 string (mixed case)": "Encoding Overview",
    "Signature is not recoverable.": "Data Part",
    "String is too short.": "Data Part",
    "Invalid multiplier": "Human-Readable Part",
    "Invalid sub-millisatoshi precision.": "Human-Readable Part",
    "Missing required `s` field.": "Tagged Fields",
    "Non canonical signature (high-S) with 'n' field defined": "Data Part",
}

Words = Sequence[int]


def field(tag: str, data: Words) -> list[int]:
    return [bech32.ALPHABET.index(tag), *divmod(len(data), 32), *data]


def of_bytes(tag: str, data: bytes) -> list[int]:
    return field(tag, bech32.words_from_bytes(data))


def of_number(tag: str, number: int) -> list[int]:
    count = -(-number.bit_length() // 5)
    return field(tag, [number >> 5 * (count - 1 - place) & 31 for place in range(count)])


HASH, SECRET, DESCRIPTION = (
    of_bytes("p", b"\x01" * 32),
    of_bytes("s", b"\x02" * 32),
    of_bytes("d", "ビール".encode()),
)
NEEDED = [*HASH, *SECRET, *DESCRIPTION]
PAYEE_FIELD = of_bytes("n", bytes.fromhex(PAYEE))


def signature_of(hrp: str, words: Words) -> bytes:
    spare = -len(words) * 5 % 8
    number = bech32.int_from_words(words) << spare
    return KEY.sign_recoverable(hrp.encode() + number.to_bytes((len(words) * 5 + spare) // 8, "big"))


def signed(fields: Words, *, hrp: str = "lnbcrt20u") -> str:
    """Sign any words as the spec's node, so that nothing but the fields can be at fault."""
    words = [*timestamp_words(), *fields]
    return bech32.encode(hrp, [*words, *bech32.words_from_bytes(signature_of(hrp, words))])


def timestamp_words() -> list[int]:
    return [NOW_S >> 5 * (6 - place) & 31 for place in range(7)]


def refusal(text: str) -> Bolt11Error:
    with pytest.raises(Bolt11Error) as caught:
        decode(text)
    return caught.value


class TestSpecification:
    @pytest.mark.parametrize("vector", VECTORS["valid"], ids=lambda vector: vector["title"][:60])
    def test_every_valid_example_reads_as_the_specification_says(self, vector: dict[str, Any]) -> None:
        invoice = decode(vector["invoice"])
        networks = {"bc": "mainnet", "tb": "testnet"}
        assert invoice.network == networks[vector["currency"]]
        assert invoice.amount_msat == vector["amount_msat"]
        assert invoice.payment_hash == vector["payment_hash"]
        assert invoice.payee == vector["payee"]
        assert invoice.timestamp == vector["timestamp"]
        assert invoice.expiry_s == vector["expiry"]
        assert invoice.description == vector["description"]
        assert invoice.description_hash == vector["description_hash"]
        assert invoice.payment_secret == "11" * 32

    @pytest.mark.parametrize("vector", VECTORS["invalid"], ids=lambda vector: vector["reason"])
    def test_every_invalid_example_is_refused_by_the_rule_it_breaks(self, vector: dict[str, str]) -> None:
        assert refusal(vector["invoice"]).section == SECTION_OF[vector["reason"]]

    def test_the_copy_of_the_examples_is_still_the_shared_one(self) -> None:
        if not SHARED_VECTORS.exists():
            pytest.skip("the shared copy of the specification's examples is not beside this checkout")
        assert json.loads(SHARED_VECTORS.read_text()) == VECTORS


class TestText:
    def test_the_reason_names_the_section_of_the_specification(self) -> None:
        error = refusal("lnbc1")
        assert str(error) == "BOLT #11, Encoding Overview: too short to hold a checksum"
        assert (error.section, error.reason) == ("Encoding Overview", "too short to hold a checksum")

    def test_an_invoice_in_upper_case_is_the_same_invoice(self) -> None:
        text = signed(NEEDED)
        assert decode(text.upper()) == decode(text)

    def test_mixed_case_is_refused_although_the_lowered_text_is_valid(self) -> None:
        assert "mixed" in refusal("LN" + signed(NEEDED)[2:]).reason

    @pytest.mark.parametrize(
        "text",
        ["", " ", "ln", "1", "lightning:lnbc1", "ｌｎｂｃ１", "lnbc1\u0130", "\ud800", "\x00", "İ" * 90],
    )
    def test_text_that_is_no_bech32_is_refused(self, text: str) -> None:
        assert refusal(text).section == "Encoding Overview"

    def test_spaces_around_an_invoice_are_not_taken_off(self) -> None:
        assert "printable" in refusal(signed(NEEDED) + "\n").reason

    @pytest.mark.parametrize("thing", [None, 1, b"lnbc1", ["lnbc1"]])
    def test_what_is_not_text_is_a_type_error(self, thing: Any) -> None:
        with pytest.raises(TypeError, match="an invoice is text"):
            decode(thing)

    def test_text_longer_than_any_qr_code_is_not_even_looked_at(self) -> None:
        assert "separator" in refusal("q" * 3300).reason
        assert "3300" in refusal("q" * 3301).reason

    def test_a_bech32_text_without_a_signature_is_refused(self) -> None:
        assert "too short" in refusal(bech32.encode("lnbc", [0] * 110)).reason


class TestReadablePart:
    @pytest.mark.parametrize(
        ("prefix", "network"),
        [("lnbc", "mainnet"), ("lntb", "testnet"), ("lntbs", "signet"), ("lnbcrt", "regtest")],
    )
    def test_each_prefix_is_its_network_with_and_without_an_amount(self, prefix: str, network: str) -> None:
        assert decode(signed(NEEDED, hrp=prefix)).network == network
        assert decode(signed(NEEDED, hrp=prefix + "20m")).network == network

    @pytest.mark.parametrize(
        "hrp",
        [
            "ln",
            "bc",
            "lnbcr",
            "lnbcm",
            "lntbss",
            "lnltc20u",
            "lnsb",
            "lno",
            "xlnbc",
            "ln20u",
            "lightning:lnbc",
        ],
    )
    def test_an_unknown_prefix_is_refused(self, hrp: str) -> None:
        assert "prefix" in refusal(signed(NEEDED, hrp=hrp)).reason

    @pytest.mark.parametrize(
        ("amount", "amount_msat"),
        [
            ("", None),
            ("1", 10**11),
            ("21000000", 21 * 10**17),
            ("1m", 10**8),
            ("1u", 10**5),
            ("1n", 100),
            ("10p", 1),
            ("9678785340p", 967878534),
            ("21000000000000000000p", 21 * 10**17),
        ],
    )
    def test_an_amount_is_read_to_the_millisatoshi(self, amount: str, amount_msat: int | None) -> None:
        assert decode(signed(NEEDED, hrp="lnbc" + amount)).amount_msat == amount_msat

    @pytest.mark.parametrize(
        "amount",
        ["0", "01", "00m", "0p", "5x", "5mm", "5um", "1.5", "+5", "-5", "5!", "5_0", "1" * 21, "1" * 2500],
    )
    def test_an_amount_that_is_no_number_and_multiplier_is_refused(self, amount: str) -> None:
        assert "leading zeros" in refusal(signed(NEEDED, hrp="lnbc" + amount)).reason

    @pytest.mark.parametrize("amount", ["1p", "19p", "2500000001p"])
    def test_less_than_a_millisatoshi_is_refused(self, amount: str) -> None:
        assert "finer" in refusal(signed(NEEDED, hrp="lnbc" + amount)).reason


class TestTaggedFields:
    def test_the_defaults_of_the_specification_stand_for_fields_that_are_left_out(self) -> None:
        assert decode(signed(NEEDED)) == Invoice(
            network="regtest",
            amount_msat=2_000_000,
            payment_hash="01" * 32,
            payee=PAYEE,
            timestamp=NOW_S,
            expiry_s=3600,
            description="ビール",
            description_hash=None,
            payment_secret="02" * 32,
            min_final_cltv=18,
            features=0,
        )

    @pytest.mark.parametrize(
        ("fields", "missing"),
        [
            ([*SECRET, *DESCRIPTION], "payment hash"),
            ([*HASH, *DESCRIPTION], "payment secret"),
            ([*HASH, *SECRET], "description"),
            ([*of_bytes("p", b"\x01" * 31), *SECRET, *DESCRIPTION], "payment hash"),
            ([*HASH, *of_bytes("s", b"\x01" * 33), *DESCRIPTION], "payment secret"),
            ([*HASH, *SECRET, *of_bytes("h", b"\x01" * 31)], "description"),
        ],
    )
    def test_a_needed_field_that_is_absent_or_of_the_wrong_length_is_missed(
        self, fields: Words, missing: str
    ) -> None:
        error = refusal(signed(fields))
        assert error.section == "Tagged Fields"
        assert missing in error.reason

    def test_a_payee_field_of_the_wrong_length_is_stepped_over(self) -> None:
        assert decode(signed([*NEEDED, *of_bytes("n", b"\x02" * 32)])).payee == PAYEE

    def test_description_and_hash_together_are_refused(self) -> None:
        assert "either" in refusal(signed([*NEEDED, *of_bytes("h", b"\x03" * 32)])).reason

    def test_the_first_of_two_fields_counts(self) -> None:
        twice = [
            *of_bytes("d", b"first"),
            *HASH,
            *SECRET,
            *of_bytes("d", b"second"),
            *of_bytes("p", b"\x09" * 32),
        ]
        invoice = decode(signed(twice))
        assert (invoice.description, invoice.payment_hash) == ("first", "01" * 32)

    def test_fields_the_till_does_not_need_may_hold_anything(self) -> None:
        others = [word for tag in "fr0m2lk" for word in field(tag, [31, 30, 29])]
        assert decode(signed([*others, *NEEDED, *others])).description == "ビール"

    @pytest.mark.parametrize("kept", [1, 2, 3, 10])
    def test_a_field_that_is_cut_off_is_refused(self, kept: int) -> None:
        assert "cut off" in refusal(signed([*NEEDED, *of_bytes("m", b"payment metadata")[:kept]])).reason

    @pytest.mark.parametrize("tag", ["p", "s", "h"])
    def test_padding_that_is_not_zero_is_refused(self, tag: str) -> None:
        others = {"p": [*SECRET, *DESCRIPTION], "s": [*HASH, *DESCRIPTION], "h": [*HASH, *SECRET]}
        assert (
            f"field {tag}: the padding" in refusal(signed([*field(tag, [*[0] * 51, 1]), *others[tag]])).reason
        )

    def test_a_description_with_a_word_too_many_is_refused(self) -> None:
        assert "whole word" in refusal(signed([*HASH, *SECRET, *field("d", [0, 0, 0])])).reason

    def test_a_description_may_be_empty(self) -> None:
        assert decode(signed([*HASH, *SECRET, *field("d", [])])).description == ""

    @pytest.mark.parametrize("data", [b"\xff", b"\xe3\x83", b"\xed\xa0\x80", b"\xc0\x80"])
    def test_a_description_that_is_not_utf_8_is_refused(self, data: bytes) -> None:
        assert "UTF-8" in refusal(signed([*HASH, *SECRET, *of_bytes("d", data)])).reason

    def test_a_description_is_given_by_its_hash(self) -> None:
        invoice = decode(signed([*HASH, *SECRET, *of_bytes("h", b"\x03" * 32)]))
        assert (invoice.description, invoice.description_hash) == (None, "03" * 32)

    def test_expiry_and_final_delta_are_numbers_of_any_length(self) -> None:
        invoice = decode(signed([*NEEDED, *of_number("x", 60), *of_number("c", 144)]))
        assert (invoice.expiry_s, invoice.min_final_cltv) == (60, 144)
        assert decode(signed([*NEEDED, *field("x", [])])).expiry_s == 0
        assert decode(signed([*NEEDED, *field("x", [0, 0, 0, 1, 28])])).expiry_s == 60

    @pytest.mark.parametrize("tag", ["x", "c"])
    def test_a_number_beyond_63_bits_is_refused(self, tag: str) -> None:
        decode(signed([*NEEDED, *of_number(tag, 2**63 - 1)]))
        assert f"field {tag}: the number" in refusal(signed([*NEEDED, *of_number(tag, 2**63)])).reason
        assert f"field {tag}: the number" in refusal(signed([*NEEDED, *field(tag, [31] * 1023)])).reason


class TestFeatures:
    @pytest.mark.parametrize(
        "bits", [{8, 14}, {9, 15, 17}, {8, 14, 16, 24, 36, 48}, {1, 99, 151, 999}, {14, 17}, {15, 16}]
    )
    def test_known_features_and_odd_ones_are_taken(self, bits: set[int]) -> None:
        features = sum(1 << bit for bit in bits)
        assert decode(signed([*NEEDED, *of_number("9", features)])).features == features

    @pytest.mark.parametrize("bit", [0, 2, 10, 12, 18, 20, 22, 26, 30, 50, 54, 100, 5000])
    def test_an_unknown_even_feature_is_refused_and_named(self, bit: int) -> None:
        error = refusal(signed([*NEEDED, *of_number("9", 1 << bit | 1 << 14 | 1 << 8)]))
        assert error.section == "Feature Bits"
        assert f"feature {bit} " in error.reason

    @pytest.mark.parametrize("bit", [16, 17])
    def test_multi_part_payment_without_a_payment_secret_feature_is_refused(self, bit: int) -> None:
        assert "without payment_secret" in refusal(signed([*NEEDED, *of_number("9", 1 << bit)])).reason


class TestSignature:
    def test_the_payee_is_recovered_when_it_is_not_named(self) -> None:
        assert decode(signed(NEEDED)).payee == PAYEE

    def test_a_named_payee_is_verified(self) -> None:
        assert decode(signed([*NEEDED, *PAYEE_FIELD])).payee == PAYEE

    def test_an_invoice_that_names_another_payee_is_refused(self) -> None:
        other = PrivateKey(b"\x07" * 32).public_key.format()
        reason = refusal(signed([*NEEDED, *of_bytes("n", other)])).reason
        assert reason == "the signature is not the payee's (n)"

    def test_a_named_payee_that_is_no_public_key_is_refused(self) -> None:
        error = refusal(signed([*NEEDED, *of_bytes("n", b"\x05" * 33)]))
        assert (error.section, error.reason) == ("Data Part", "the payee (n) is not a public key")

    def test_a_named_payee_with_padding_that_is_not_zero_is_refused(self) -> None:
        assert (
            "field n: the padding"
            in refusal(signed([*NEEDED, *PAYEE_FIELD[:-1], PAYEE_FIELD[-1] | 1])).reason
        )

    def test_the_recovery_id_says_nothing_where_the_payee_is_named(self) -> None:
        fields = [*NEEDED, *PAYEE_FIELD]
        assert decode(self.resigned(fields, recovery_id=0)) == decode(self.resigned(fields, recovery_id=1))

    @pytest.mark.parametrize("fields", [NEEDED, [*NEEDED, *PAYEE_FIELD]])
    @pytest.mark.parametrize("recovery_id", [4, 27, 255])
    def test_a_recovery_id_over_3_is_refused(self, fields: Words, recovery_id: int) -> None:
        assert "recovery id" in refusal(self.resigned(fields, recovery_id=recovery_id)).reason

    def test_the_high_form_of_a_signature_is_for_recovery_only(self) -> None:
        assert len(decode(self.resigned(NEEDED, high=True)).payee) == 66
        reason = refusal(self.resigned([*NEEDED, *PAYEE_FIELD], high=True)).reason
        assert reason == "the signature is not in its low-S form"

    @pytest.mark.parametrize(
        ("s", "reason"),
        [
            (CURVE_ORDER // 2, "the signature is not the payee's (n)"),
            (CURVE_ORDER // 2 + 1, "the signature is not in its low-S form"),
        ],
    )
    def test_the_low_form_ends_at_half_the_order_of_the_curve(self, s: int, reason: str) -> None:
        words = [*timestamp_words(), *NEEDED, *PAYEE_FIELD]
        signature = signature_of("lnbc", words)[:32] + s.to_bytes(32, "big") + b"\x00"
        assert refusal(bech32.encode("lnbc", [*words, *bech32.words_from_bytes(signature)])).reason == reason

    @pytest.mark.parametrize("fields", [NEEDED, [*NEEDED, *PAYEE_FIELD]])
    @pytest.mark.parametrize("signature", [bytes(64), b"\xff" * 32 + b"\x01" * 32, b"\x01" * 32 + bytes(32)])
    def test_numbers_that_are_no_signature_are_refused(self, fields: Words, signature: bytes) -> None:
        words = [*timestamp_words(), *fields, *bech32.words_from_bytes(signature + b"\x00")]
        assert refusal(bech32.encode("lnbc", words)).section == "Data Part"

    @staticmethod
    def resigned(fields: Words, *, recovery_id: int = 0, high: bool = False) -> str:
        words = [*timestamp_words(), *fields]
        r, s = (signature_of("lnbc", words)[at : at + 32] for at in (0, 32))
        if high:
            s = (CURVE_ORDER - int.from_bytes(s, "big")).to_bytes(32, "big")
        return bech32.encode("lnbc", [*words, *bech32.words_from_bytes(r + s + bytes([recovery_id]))])


class TestAnyInput:
    """Whatever the text, the answer is an Invoice or a Bolt11Error."""

    @settings(max_examples=500, deadline=None)
    @given(st.text(max_size=400))
    def test_any_text(self, text: str) -> None:
        self.survives(text)

    @settings(max_examples=500, deadline=None)
    @given(
        st.sampled_from(["lnbc", "lntb", "lntbs20m", "lnbcrt2500u", "lnbc10p", "ln", "x"]),
        st.lists(st.integers(0, 31), max_size=400),
    )
    def test_any_words_under_a_good_checksum(self, hrp: str, words: list[int]) -> None:
        self.survives(bech32.encode(hrp, words))

    @settings(max_examples=500, deadline=None)
    @given(
        st.lists(
            st.tuples(st.sampled_from("psdnhxcfrm9t0"), st.lists(st.integers(0, 31), max_size=60)), max_size=8
        )
    )
    def test_any_fields_under_a_good_signature(self, fields: list[tuple[str, list[int]]]) -> None:
        words = [word for tag, data in fields for word in field(tag, data)]
        self.survives(signed(words))
        self.survives(signed([*NEEDED, *words]))

    @settings(max_examples=1000, deadline=None)
    @given(st.sampled_from(VECTORS["valid"] + VECTORS["invalid"]), st.randoms(use_true_random=False))
    def test_examples_of_the_specification_with_words_changed_lost_and_doubled(
        self, vector: dict[str, str], chance: random.Random
    ) -> None:
        hrp, _, data = vector["invoice"].lower().rpartition("1")
        words = [bech32.ALPHABET.index(letter) for letter in data[:-6]]
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(words))
            words[at : at + chance.randint(0, 2)] = [
                chance.randrange(32) for _ in range(chance.randint(0, 2))
            ]
        self.survives(bech32.encode(hrp, words))

    @settings(max_examples=500, deadline=None)
    @given(st.sampled_from(VECTORS["valid"]), st.integers(min_value=0), st.text(min_size=0, max_size=3))
    def test_examples_of_the_specification_with_letters_replaced(
        self, vector: dict[str, str], place: int, letters: str
    ) -> None:
        text = vector["invoice"]
        at = place % len(text)
        self.survives(text[:at] + letters + text[at + 1 :])

    @staticmethod
    def survives(text: str) -> None:
        try:
            invoice = decode(text)
        except Bolt11Error as error:
            assert error.reason  # noqa: PT017 either end is right
        else:
            assert isinstance(invoice, Invoice)


class TestCheck:
    """What the till asks before an invoice becomes a QR."""

    TEXT = signed([*NEEDED, *of_number("x", 60)])

    def test_the_invoice_that_was_asked_for_may_be_shown(self) -> None:
        assert check(self.TEXT, self.expected()) == decode(self.TEXT)
        assert check(self.TEXT, self.expected(payee=PAYEE)) == decode(self.TEXT)

    def test_text_that_cannot_be_read_is_never_shown(self) -> None:
        assert check("lnbc1", self.expected()) == Mismatch(
            Fault.UNREADABLE,
            expected="a BOLT11 invoice",
            found="BOLT #11, Encoding Overview: too short to hold a checksum",
        )

    def test_an_invoice_for_another_network_is_never_shown(self) -> None:
        assert check(self.TEXT, self.expected(network="mainnet")) == Mismatch(
            Fault.NETWORK, expected="mainnet", found="regtest"
        )

    @pytest.mark.parametrize("amount_msat", [1_999_999, 2_000_001, 2_000, 0])
    def test_an_amount_that_is_one_millisatoshi_off_is_never_shown(self, amount_msat: int) -> None:
        assert check(self.TEXT, self.expected(amount_msat=amount_msat)) == Mismatch(
            Fault.AMOUNT, expected=f"{amount_msat} msat", found="2000000 msat"
        )

    def test_an_invoice_that_lets_the_payer_choose_is_never_shown(self) -> None:
        assert check(signed(NEEDED, hrp="lnbcrt"), self.expected()) == Mismatch(
            Fault.AMOUNT, expected="2000000 msat", found="no amount"
        )

    def test_an_invoice_of_another_node_than_the_pinned_one_is_never_shown(self) -> None:
        pinned = PrivateKey(b"\x07" * 32).public_key.format().hex()
        assert check(self.TEXT, self.expected(payee=pinned)) == Mismatch(
            Fault.PAYEE, expected=pinned, found=PAYEE
        )

    def test_an_invoice_is_shown_until_the_second_it_expires(self) -> None:
        assert isinstance(check(self.TEXT, self.expected(now_s=NOW_S + 59)), Invoice)
        assert check(self.TEXT, self.expected(now_s=NOW_S + 60)) == Mismatch(
            Fault.EXPIRED, expected=f"payable at {NOW_S + 60}", found=f"expired at {NOW_S + 60}"
        )

    def test_the_gravest_fault_is_the_one_that_is_told(self) -> None:
        wrong = {"network": "mainnet", "amount_msat": 1, "payee": "02" * 33, "now_s": NOW_S + 60}
        right = {"network": "regtest", "amount_msat": 2_000_000, "payee": PAYEE}
        told = []
        for mended in [{}, *({name: value} for name, value in right.items())]:
            wrong |= mended
            mismatch = check(self.TEXT, self.expected(**wrong))
            assert isinstance(mismatch, Mismatch)
            told.append(mismatch.fault)
        assert told == [Fault.NETWORK, Fault.AMOUNT, Fault.PAYEE, Fault.EXPIRED]

    @staticmethod
    def expected(**changed: Any) -> Expected:
        return Expected(
            **{"network": "regtest", "amount_msat": 2_000_000, "payee": None, "now_s": NOW_S} | changed
        )
