"""`run_kiosk.py check` against a real server: each failure is provoked, named, and told with what to do."""

import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from pos.btcpay import strays
from pos.btcpay.client import Client
from pos.check.command import main
from pos.core.route import Route
from pos.demo.access import CREATE, LEAST, MODIFY_STORE, VIEW, Access
from pos.demo.creation import Store
from pos.demo.misfortune import Misfortune
from pos.demo.shop import Shop

from .conftest import KEY, ROOT, Bar

OpenBar = Callable[..., Bar]


def suffer(bar: Bar, kind: str, on: str) -> None:
    bar.server.suffer(Misfortune(kind=kind, on=on, times=None))


def step_of(bar: Bar, reason: str) -> str:
    return next(step["step"] for step in bar.report()["steps"] if step["reason"] == reason)


# --- all is well -----------------------------------------------------------------------------------------------------


def test_a_shop_that_is_well_is_told_so_and_the_exit_code_is_0(bar: Bar) -> None:
    assert bar.check() == 0
    assert "✗" not in bar.said
    assert "✓ OK  API key: It may do what is needed and nothing dangerous." in bar.said


def test_every_line_has_a_word_beside_its_mark(bar: Bar) -> None:
    bar.write(store_id="NoSuchStore")
    bar.check()
    marks = {"✓": "OK", "!": "NOTE", "✗": "FAILED"}
    lines = [line for line in bar.said.splitlines() if line[:1] in marks]
    assert {line[0] for line in lines} == set(marks)
    assert all(line[2:].startswith(marks[line[0]] + "  ") for line in lines)


def test_what_fails_or_can_wait_is_followed_by_what_to_do(bar: Bar) -> None:
    bar.write(store_id="NoSuchStore")
    bar.check()
    lines = bar.said.splitlines()
    for number, line in enumerate(lines):
        assert line[:1] not in "!✗" or not line or lines[number + 1].startswith("    → "), line


def test_the_report_is_in_the_language_of_the_configuration(bar: Bar) -> None:
    bar.write(language="ja")
    bar.check()
    assert "✓ OK  APIキー: 必要な権限があり" in bar.said


def test_the_demo_is_checked_as_well_and_says_that_no_real_money_moves(bar: Bar) -> None:
    bar.config.write_text((ROOT / "kiosk.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    assert bar.check("--invoice") == 0
    assert "本物のお金は動きません" in bar.said


def test_a_key_with_the_least_rights_is_all_right_without_a_warning(open_bar: OpenBar) -> None:
    bar = open_bar(permissions=LEAST)
    found = bar.found()
    assert found["key_ok"] == found["store_hidden"] == found["methods_hidden"] == "ok"


def test_json_has_stable_names_and_nothing_else_on_the_line(bar: Bar) -> None:
    report = bar.report()
    assert set(report) == {"till", "result", "steps", "not_tried"}
    assert {frozenset(step) for step in report["steps"]} == {
        frozenset({"step", "state", "reason", "values", "what", "do"})
    }
    assert {step["state"] for step in report["steps"]} <= {"ok", "warn", "fail"}
    assert report["result"] == "warn"  # no screen here


def test_check_leaves_the_folder_as_it_was(bar: Bar) -> None:
    before = {path: path.read_bytes() for path in bar.folder.rglob("*") if path.is_file()}
    bar.check("--invoice")
    assert {path: path.read_bytes() for path in bar.folder.rglob("*") if path.is_file()} == before


def test_check_is_the_first_word_of_the_tills_own_command(bar: Bar) -> None:
    command = [sys.executable, "run_kiosk.py", "check", "--config", str(bar.config)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=os.environ | {"PATH": "/usr/bin:/bin"})
    assert run.returncode == 0, run.stdout
    assert "Traceback" not in run.stderr
    assert KEY not in run.stdout + run.stderr


def test_a_reader_that_leaves_early_is_no_failure_of_ours(bar: Bar) -> None:
    command = f"{sys.executable} run_kiosk.py check --config {bar.config} | head -1"
    run = subprocess.run(
        ["/bin/sh", "-c", command], cwd=ROOT, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"}
    )
    assert run.stdout.count("\n") == 1
    assert run.stderr == ""


# --- configuration and key -------------------------------------------------------------------------------------------


def test_a_mistake_in_the_configuration_is_told_as_the_till_does_and_the_machine_is_checked_all_the_same(
    bar: Bar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    bar.config.write_text(bar.config.read_text(encoding="utf-8") + "\ncolour: blue\n", encoding="utf-8")
    assert bar.check() == 2
    assert re.search(r"✗ FAILED  Configuration: .*kiosk.yaml:\d+ colour  There is no setting", bar.said)
    assert "✓ OK  Fonts" in bar.said
    assert "Could not be tried: Disk, Journal" in bar.said


@pytest.mark.parametrize(
    ("old", "new"),
    [("\nshop:", "\nshoop:"), ("  url: http", "  url: ftp"), ("# node_id: 02", "node_id: 05")],
    ids=["name", "url", "node_id"],
)
def test_an_english_configuration_with_a_mistake_is_answered_in_english_alone(
    bar: Bar, monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    monkeypatch.setenv("LC_ALL", "ja_JP.UTF-8")
    bar.config.write_text(bar.config.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert bar.check() == 2
    assert "✗ FAILED  Configuration" in bar.said
    assert re.search("[ぁ-ん]", bar.said) is None


def test_a_configuration_that_names_no_language_is_answered_in_the_terminals_alone(
    bar: Bar, monkeypatch: pytest.MonkeyPatch
) -> None:
    bar.config.unlink()
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    assert bar.check() == 2
    assert re.search("[ぁ-ん]", bar.said) is None


def test_a_key_that_others_can_read_is_told_and_the_way_to_the_server_is_tried_all_the_same(bar: Bar) -> None:
    (bar.folder / "btcpay.key").chmod(0o644)
    assert bar.check() == 2
    assert "chmod 600" in bar.said
    found = bar.found()
    assert found["dns_not_needed"] == found["tls_here"] == "ok"
    assert "server_ok" not in found


def test_paths_are_shown_without_detours(bar: Bar) -> None:
    path = bar.folder / ".." / bar.folder.name / "kiosk.yaml"
    bar.config.write_text(
        bar.config.read_text(encoding="utf-8").replace("journal: var/", "journal: ../shop/var/"), encoding="utf-8"
    )
    main(["--config", str(path)])
    said = bar.capsys.readouterr().out
    assert f"No mistakes in {bar.config} " in said
    assert f"{bar.folder / 'var' / 'journal.db'} is not there yet" in said
    assert "/.." not in said


def test_free_space_is_told_in_gigabytes(bar: Bar) -> None:
    bar.check()
    assert re.search(r"can be written\. \d+ GB are free\.", bar.said)


# --- the server ------------------------------------------------------------------------------------------------------


def test_a_name_that_does_not_exist_is_told_once(bar: Bar) -> None:
    bar.write(url="https://btcpay.invalid")
    assert bar.check() == 1
    assert bar.said.count("✗") == 1
    assert "✗ FAILED  Server name: There is no name btcpay.invalid." in bar.said
    assert bar.report()["not_tried"] == ["tls", "server", "sync", "key", "store", "methods"]


def test_a_server_that_is_down_is_told_and_the_rest_was_looked_at(bar: Bar) -> None:
    bar.server.down()
    assert bar.check() == 1
    found = bar.found()
    assert found["server_problem"] == "fail"
    assert found["fonts_ok"] == found["journal_new"] == found["clock_alone"] == "ok"
    assert bar.report()["not_tried"] == ["sync", "key", "store", "methods"]


def test_a_wrong_key_is_told_once_and_nothing_else_is_blamed(bar: Bar) -> None:
    bar.write(key=KEY[::-1])
    assert bar.check() == 1
    assert bar.said.count("✗") == 1
    assert "✓ OK  Server: It answers." in bar.said
    assert "✗ FAILED  API key: The server does not know this key.\n    → Make a new one: python3 run_" in bar.said
    assert "Could not be tried: Sync, Store, Payment methods" in bar.said


def test_a_key_that_could_move_money_is_refused_until_the_owner_allows_it(open_bar: OpenBar) -> None:
    bar = open_bar(permissions={CREATE, VIEW, MODIFY_STORE})
    assert bar.check() == 1
    assert bar.found()["key_dangerous"] == "fail"
    assert MODIFY_STORE in bar.said
    bar.write(allow_rights=f"[{MODIFY_STORE}]")
    assert bar.found()["key_ok"] == "ok"


def test_a_right_that_is_missing_is_named(open_bar: OpenBar) -> None:
    bar = open_bar(permissions={VIEW})
    assert bar.check() == 1
    (step,) = [step for step in bar.report()["steps"] if step["reason"] == "key_lacks"]
    assert step["values"]["rights"] == CREATE


def test_a_wrong_store_is_told_once_and_the_key_is_not_blamed(bar: Bar) -> None:
    bar.write(store_id="NoSuchStore")
    assert bar.check() == 1
    assert bar.said.count("✗") == 1
    assert f"Store: The key is not for the store NoSuchStore (store_id), but for: {bar.server.store_id}" in bar.said
    assert bar.found()["key_ok"] == "ok"


def test_a_wrong_store_is_told_once_where_the_key_is_for_all_stores(open_bar: OpenBar) -> None:
    bar = open_bar(key=Access(KEY, LEAST, scoped=False))
    bar.write(store_id="NoSuchStore")
    assert bar.check() == 1
    assert bar.said.count("✗") == 1
    assert "cannot see the invoices of the store NoSuchStore. Is store_id right?" in bar.said


def test_a_store_whose_invoices_cannot_be_understood_is_told(bar: Bar) -> None:
    suffer(bar, "garbage", "list")
    assert bar.check() == 1
    assert bar.found()["store_problem"] == "fail"


@pytest.mark.parametrize("wrong", [{"key": KEY[::-1]}, {"store_id": "NoSuchStore"}])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_owner_who_checks_is_not_told_to_tell_the_owner(bar: Bar, wrong: dict[str, str], language: str) -> None:
    bar.write(language=language, **wrong)
    bar.check("--invoice")
    assert "the owner" not in bar.said
    assert "店主" not in bar.said


def test_a_server_that_has_not_caught_up_is_told(bar: Bar) -> None:
    suffer(bar, "syncing", "info")
    assert bar.check() == 1
    assert bar.found()["sync_behind"] == "fail"


def test_a_store_without_lightning_is_told(bar: Bar) -> None:
    suffer(bar, "nothing", "methods")
    assert bar.check() == 1
    assert bar.found()["methods_no_lightning"] == "fail"


def test_an_old_server_is_a_note(open_bar: OpenBar) -> None:
    bar = open_bar(version="1.12.0")
    assert bar.check() == 0
    assert bar.found()["server_old"] == "warn"


@pytest.mark.parametrize(
    ("on", "step"), [("info", "server"), ("store", "store"), ("methods", "methods"), ("key", "key")]
)
def test_an_answer_of_another_shape_is_told_at_its_step(bar: Bar, on: str, step: str) -> None:
    suffer(bar, "garbage", on)
    assert bar.check() == 1
    failed = [found for found in bar.report()["steps"] if found["state"] == "fail"]
    assert [found["step"] for found in failed] == [step]


def test_a_clock_that_is_off_by_a_day_is_told(open_bar: OpenBar) -> None:
    shop = Shop()
    shop.advance(86_400)
    bar = open_bar(shop=shop)
    assert bar.check() == 1
    assert bar.found()["clock_wrong"] == "fail"


def test_a_clock_that_drifts_is_a_note(open_bar: OpenBar) -> None:
    shop = Shop()
    shop.advance(90)
    assert open_bar(shop=shop).found()["clock_drifts"] == "warn"


def test_a_clock_that_the_network_does_not_keep_is_a_note(bar: Bar, programs: Callable[..., None]) -> None:
    programs("timedatectl", "no")
    assert bar.found()["clock_not_kept"] == "warn"


# --- the disk --------------------------------------------------------------------------------------------------------


def test_a_folder_that_cannot_be_written_is_told(bar: Bar) -> None:
    if os.geteuid() == 0:
        bar.config.write_text(
            bar.config.read_text(encoding="utf-8").replace("journal: var/journal.db", "journal: /proc/journal.db"),
            encoding="utf-8",
        )
    else:
        bar.folder.chmod(0o500)
    try:
        assert bar.check() == 1
        assert bar.found()["disk_read_only"] == "fail"
    finally:
        bar.folder.chmod(0o700)


# --- the certificate -------------------------------------------------------------------------------------------------


def test_a_trusted_certificate_is_told_with_its_fingerprint_and_its_last_day(secure_bar: Bar) -> None:
    secure_bar.check()
    fingerprint = r"([0-9A-F]{2}:){31}[0-9A-F]{2}"
    assert re.search(rf"✓ OK  Certificate: .* trusted\. Fingerprint \(SHA-256\): {fingerprint}", secure_bar.said)
    assert secure_bar.found()["tls_ends"] == "warn"  # the test's certificates last two days


def test_a_certificate_nobody_trusts_is_told_with_its_fingerprint_and_no_key_is_sent(secure_bar: Bar) -> None:
    secure_bar.write()
    assert secure_bar.check() == 1
    assert secure_bar.found()["tls_distrusted"] == "fail"
    assert secure_bar.report()["not_tried"] == ["server", "sync", "key", "store", "methods"]
    assert secure_bar.server.log == ()


def test_a_certificate_with_the_pinned_fingerprint_passes_and_any_other_fails(secure_bar: Bar, tmp_path: Path) -> None:
    (shown,) = [step for step in secure_bar.report()["steps"] if step["reason"] == "tls_ok"]
    ca_file = re.search(r"ca_file: (\S+)", secure_bar.config.read_text(encoding="utf-8"))
    assert ca_file is not None
    secure_bar.write(ca_file=ca_file[1], certificate_sha256=shown["values"]["pin"])
    assert secure_bar.found()["tls_pinned"] == "ok"
    secure_bar.write(ca_file=ca_file[1], certificate_sha256="ab" * 32)
    assert secure_bar.check() == 1
    assert secure_bar.found()["tls_changed"] == "fail"


# --- an invoice ------------------------------------------------------------------------------------------------------


def test_an_invoice_is_made_checked_and_voided_and_the_payee_to_pin_is_named(bar: Bar) -> None:
    assert bar.check("--invoice") == 0
    assert f"node_id: {bar.server.node_id}" in bar.said
    (invoice,) = bar.server.shop.invoices()
    assert (invoice.status, str(invoice.amount), invoice.currency) == ("Invalid", "1", "JPY")


def test_the_invoice_of_a_check_can_never_be_taken_for_an_order_of_the_till(bar: Bar) -> None:
    bar.check("--invoice")
    (invoice,) = bar.server.shop.invoices()
    assert re.fullmatch(r"check\.K1-0000-1-[0-9a-f]{6}", invoice.order_id or "")
    assert re.fullmatch(r"[0-9A-Za-z-]{1,8}", "check.K1") is None  # what a till may be called
    with closing(Client(Route(bar.server.url), KEY)) as client:
        assert strays.seek(client.send, bar.server.store_id, "K1") == ()
    assert not (bar.folder / "var").exists()


def test_a_pinned_payee_is_recognised(bar: Bar) -> None:
    bar.write(more=f"  node_id: {bar.server.node_id}\n")
    assert bar.found("--invoice")["payee_pinned"] == "ok"


def test_an_invoice_of_another_node_is_refused(bar: Bar) -> None:
    bar.write(more=f"  node_id: {bar.server.node_id}\n")
    bar.server.suffer(Misfortune(kind="lie-payee", on="create"))
    assert bar.check("--invoice") == 1
    assert "does not pay this shop's own node" in bar.said
    assert bar.server.shop.invoices()[0].status == "Invalid"


def test_without_the_right_to_void_the_invoice_expires_by_itself(open_bar: OpenBar) -> None:
    bar = open_bar(permissions=LEAST)
    assert bar.check("--invoice") == 0
    assert "expires by itself in 1 min" in bar.said
    (invoice,) = bar.server.shop.invoices()
    assert invoice.status == "New"
    assert invoice.expires_s - invoice.created_s == 60


def test_an_invoice_that_cannot_be_voided_is_a_note(bar: Bar) -> None:
    suffer(bar, "500", "status")
    assert bar.found("--invoice")["void_problem"] == "warn"


def test_a_node_that_is_down_is_found_by_the_invoice(bar: Bar) -> None:
    suffer(bar, "lightning-down", "create")
    assert bar.check("--invoice") == 1
    assert bar.found("--invoice")["invoice_problem"] == "fail"
    assert "The Lightning node does not answer." in bar.said


def test_a_store_that_takes_no_tiny_amounts_is_asked_for_more(bar: Bar) -> None:
    bar.server.suffer(Misfortune(kind="no-wallet", on="create"))
    assert bar.check("--invoice") == 0
    assert "¥100" in bar.said


def test_no_invoice_is_made_where_the_server_cannot_be_asked(bar: Bar) -> None:
    bar.server.down()
    assert bar.report("--invoice")["not_tried"][-1] == "invoice"


def test_the_invoice_is_of_the_smallest_unit_of_the_tills_currency(open_bar: OpenBar) -> None:
    bar = open_bar(shop=Shop(Store()))
    text = bar.config.read_text(encoding="utf-8").replace("currency: JPY", "currency: USD")
    bar.config.write_text(text, encoding="utf-8")
    assert bar.check("--invoice") == 0
    assert "An invoice of $0.01" in bar.said


def test_the_key_file_stays_private(bar: Bar) -> None:
    bar.check()
    assert stat.S_IMODE((bar.folder / "btcpay.key").stat().st_mode) == 0o600
