"""How events are written down and read back."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.core.menu import StockChanged
from pos.core.money import Money
from pos.core.payment_events import AnswerLost, Opened, Quoted, Settled
from pos.core.problem import Problem
from pos.core.salvage import Salvaged, SalvageSeen, StraysSought
from pos.core.way_out import PinTried
from pos.journal import record
from tests.samples import ATTEMPT, EVENTS, QUOTE, TRAIL

RECORDS: tuple[record.Record, ...] = (
    *EVENTS,
    StockChanged("beer", sold_out=True),
    Salvaged("journal.damaged-20261122T190000Z.db", kept=400, lost=2, from_backup=1, last_number=1000),
    SalvageSeen("journal.damaged-20261122T190000Z.db"),
    StraysSought("journal.damaged-20261122T190000Z.db", last_number=1012),
    PinTried(right=False),
)


@pytest.mark.parametrize("written", RECORDS)
def test_what_was_written_is_read_back(written: record.Record) -> None:
    assert record.read(*record.write(written)) == written


@pytest.mark.parametrize("written", RECORDS)
def test_one_changed_letter_makes_it_no_record(written: record.Record) -> None:
    kind, body = record.write(written)
    at = body.index(":") + 2
    assert record.is_record(kind, body)
    assert not record.is_record(kind, body[:at] + "~" + body[at + 1 :])
    assert not record.is_record("Nothing", body)


def test_a_record_from_before_the_checksums_or_laid_out_otherwise_is_one_all_the_same() -> None:
    kind, body = record.write(Settled(TRAIL, 8_231_000, 0))
    value = json.loads(body)
    assert record.is_record(kind, json.dumps(value, indent=1))
    del value["crc32"]
    assert record.is_record(kind, json.dumps(value))


def test_every_kind_of_event_has_a_sample_here() -> None:
    assert {type(written).__name__ for written in RECORDS} == set(record.KINDS)


def test_a_journal_is_read_by_people_too() -> None:
    kind, body = record.write(Opened(ATTEMPT))
    assert kind == "Opened"
    assert "生ビール" in body


def test_a_word_from_a_closed_list_is_read_back_as_the_same_word() -> None:
    assert record.read(*record.write(AnswerLost(Problem.SLOW))) == AnswerLost("slow")


def changed(written: record.Record, **changes: Any) -> tuple[str, str]:
    """Write a record with fields replaced; None takes one away."""
    kind, body = record.write(written)
    fields = json.loads(body) | changes
    return kind, json.dumps({name: value for name, value in fields.items() if value is not None})


@pytest.mark.parametrize(
    ("kind", "body", "where"),
    [
        ("Opening", "{}", "unknown kind of event: 'Opening'"),
        ("NotFound", "[]", "NotFound: "),
        ("NotFound", "{", "Expecting property name"),
        ("NotFound", "[" * 100_000, "NotFound: not JSON"),
        ("NotFound", 7, "NotFound: not JSON"),
        ("NotFound", None, "NotFound: not JSON"),
        ("NotFound", b"[\xff]", "codec can't decode"),
        ("NotFound", '{"extra": 1}', "NotFound: "),
        (*changed(Settled(TRAIL, 1, 0), over_msat=None), "does not have the fields"),
        (*changed(Settled(TRAIL, 1, 0), paid_msat=1.5), "Settled.paid_msat: 1.5"),
        (*changed(Settled(TRAIL, 1, 0), paid_msat="1"), "Settled.paid_msat: '1'"),
        (*changed(Settled(TRAIL, 1, 0), paid_msat=True), "Settled.paid_msat: True"),
        (*changed(Settled(TRAIL, 1, 0), trail={"invoice_id": "x"}), "Settled.trail: "),
        (*changed(StockChanged("beer", sold_out=True), sold_out=1), "StockChanged.sold_out: 1"),
        (*changed(Quoted(QUOTE), quote=7), "Quoted.quote: 7"),
    ],
)
def test_damage_is_told_with_the_field_it_is_in(kind: str, body: str, where: str) -> None:
    with pytest.raises(ValueError) as caught:
        record.read(kind, body)
    assert where in str(caught.value)


@pytest.mark.parametrize(
    ("lines", "where"),
    [
        ({}, "Opened.attempt.order.lines: {}"),
        ([{"key": "beer"}], "Opened.attempt.order.lines: "),
        (
            [{"key": "b", "names": {"en": 1}, "unit": {"minor": 1, "currency": "JPY"}, "quantity": 1}],
            "Opened.attempt.order.lines.names: ",
        ),
        (
            [{"key": "\ud800", "names": {}, "unit": {"minor": 1, "currency": "JPY"}, "quantity": 1}],
            "Opened.attempt.order.lines.key: ",
        ),
        ([{"key": "b", "names": [], "unit": {"minor": 1, "currency": "JPY"}, "quantity": 1}], "lines.names: []"),
        ([{"key": "b", "names": {}, "unit": {"minor": 1, "currency": "???"}, "quantity": 1}], "'???'"),
    ],
)
def test_damage_deep_inside_an_order_is_told(lines: Any, where: str) -> None:
    body = json.loads(record.write(Opened(ATTEMPT))[1])
    body["attempt"]["order"]["lines"] = lines
    with pytest.raises(ValueError) as caught:
        record.read("Opened", json.dumps(body))
    assert where in str(caught.value)


@given(st.sampled_from(RECORDS), st.data())
def test_a_body_that_was_cut_off_is_never_read(written: record.Record, data: st.DataObject) -> None:
    kind, body = record.write(written)
    end = data.draw(st.integers(0, len(body) - 1))
    with pytest.raises(ValueError):
        record.read(kind, body[:end])


@given(st.integers(0, 2**63), st.text(st.characters(exclude_categories=["Cs"])))
def test_any_amount_and_any_text_survive(paid_msat: int, text: str) -> None:
    settled = Settled(TRAIL, paid_msat, 0)
    assert record.read(*record.write(settled)) == settled
    assert record.read(*record.write(AnswerLost(text))) == AnswerLost(text)


def test_money_is_read_back_as_money() -> None:
    opened = record.read(*record.write(Opened(ATTEMPT)))
    assert isinstance(opened, Opened)
    assert opened.attempt.order.total == Money(1400, "JPY")


def test_one_letter_that_changed_is_found_although_all_of_it_can_still_be_read() -> None:
    kind, body = record.write(Settled(TRAIL, 8_231_000, 0))
    for other in (body.replace(TRAIL.invoice_id, "Inv2"), body.replace("8231000", "8231001")):
        assert other != body
        with pytest.raises(ValueError, match="checksum"):
            record.read(kind, other)
    assert record.read(kind, body[: body.index(',"crc32"')] + "}") == Settled(TRAIL, 8_231_000, 0)
