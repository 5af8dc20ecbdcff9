"""kiosk.yaml as a whole: what is read, what is complained of, in which language."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.config import Config, DemoServer, Lightning, Times, load, render
from pos.core.money import Money
from pos.errors import ConfigError

from .samples import BLOCK, RIGHT, ROOT, reason_of

API_KEY = "0123456789abcdef0123456789abcdef01234567"
NODE_ID = "02eec7245d6b7d2ccb30380bfbe2a3648cd7a942653f5aa340edcea1f283686619"
PIN = f"scrypt:16384:8:1:{'5a' * 16}:{'0b' * 32}"
SHIPPED = (ROOT / "kiosk.yaml").read_bytes()


def test_shipped_file_is_a_demo_till_with_the_whole_menu(words):
    config = load(ROOT / "kiosk.yaml", words)
    assert config.server == DemoServer()
    assert (config.till, config.shop, config.currency, config.language, config.theme) == (
        "K1", "GAME BAR", "JPY", "ja", "dark")
    assert config.lightning == Lightning("regtest", None)
    assert config.times == Times(10, 0)
    assert config.journal == ROOT / "var" / "journal.db"
    assert [category.color for category in config.menu.categories] == ["blue", "amber", "violet", "green", "grey"]
    assert len(config.menu.items) == 24
    assert config.menu.item("heartland").price == Money(800, "JPY")
    assert [item.id for item in config.menu.items if item.sold_out] == ["edamame"]
    assert all(set(item.names) == {"ja", "en"} for item in config.menu.items)


def test_shipped_example_of_a_real_server_is_right_once_uncommented(words, kiosk_file):
    lines = SHIPPED.decode().splitlines()
    start = lines.index("# server:")
    block = [line.removeprefix("# ") for line in lines[start:lines.index("lightning:")]]
    text = "\n".join([*lines[:start], *block, *lines[lines.index("lightning:"):]]).replace("\nserver: demo", "")
    assert load(kiosk_file(text=text), words).server.route.url == "https://btcpay.example.com"


def test_keys_that_may_be_left_out_have_their_defaults(words, kiosk_file):
    config = load(kiosk_file(("language: en\n", ""), ("currency: JPY\n", "")), words)
    assert config == Config(
        path=config.path, till="K1", shop="GAME BAR", server=DemoServer(), lightning=Lightning("regtest", None),
        currency="JPY", language="ja", menu=config.menu, times=Times(10, 0), theme="dark", kiosk=True, sound=True,
        journal=config.path.parent / "var" / "journal.db", pin=None,
    )


def test_every_key_is_read(words, kiosk_file):
    more = f"""\
theme: light
kiosk: false
sound: false
journal: /srv/till.db
pin: {PIN}
lightning: {{network: signet, node_id: {NODE_ID.upper()}}}
times: {{invoice_expiry_min: 60, paid_screen_s: 3}}
"""
    config = load(kiosk_file(("server: demo\n", BLOCK + more)), words)
    assert (config.theme, config.kiosk, config.sound, config.journal) == ("light", False, False, Path("/srv/till.db"))
    assert config.pin == PIN
    assert config.lightning == Lightning("signet", NODE_ID)
    assert config.times == Times(60, 3)


def test_real_server_is_on_mainnet_unless_told_otherwise(words, kiosk_file):
    assert load(kiosk_file(("server: demo\n", BLOCK)), words).lightning.network == "mainnet"


def test_bom_and_windows_line_ends_are_read(words, tmp_path):
    path = tmp_path / "kiosk.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + RIGHT.replace("\n", "\r\n").encode())
    assert load(path, words).till == "K1"


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(mistakes):
    told = mistakes(("till: K1", "till: counter one"), ("JPY", "YEN"), ("amber", "pink"), ("price: 800", "price: -1"),
                    ("server: demo", "server: demo\nthem: dark"))
    assert told == [
        (1, "till", "till"), (4, "currency", "currency"), (6, "them", "unknown_near"),
        (10, "menu.categories[0].color", "choice"), (15, "menu.items[0].price", "price"),
    ]


@pytest.mark.parametrize(("old", "key"), [
    ("till: K1\n", "till"), ("shop: GAME BAR\n", "shop"), ("server: demo\n", "server"),
    ("      price: 800\n", "menu.items[0].price"), ("      color: amber\n", "menu.categories[0].color"),
    ("      category: beer\n", "menu.items[0].category"),
])
def test_missing_key_is_named_with_a_sample_of_it(mistake, old, key):
    _, told_key, reason = mistake(old, "")
    assert (told_key, reason) == (key, "missing")


def test_key_without_a_value_counts_as_missing(mistake):
    assert mistake("till: K1", "till:") == (1, "till", "missing")
    assert mistake("till: K1", "till: ~") == (1, "till", "missing")


def test_quoted_empty_text_is_no_name(mistake):
    assert mistake("shop: GAME BAR", 'shop: ""') == (2, "shop", "shop")


def test_unknown_key_is_answered_with_the_nearest(words, kiosk_file):
    with pytest.raises(ConfigError) as caught:
        load(kiosk_file(("currency: JPY", "curency: JPY")), words)
    (complaint,) = caught.value.complaints
    assert "currency" in complaint.wrong


def test_unknown_key_that_resembles_none_is_answered_with_all(words, kiosk_file):
    with pytest.raises(ConfigError) as caught:
        load(kiosk_file(("server: demo", "server: demo\nzzz: 1")), words)
    (complaint,) = caught.value.complaints
    assert "journal, kiosk, language" in complaint.example


def test_pipe_in_the_place_of_the_file_keeps_nobody_waiting(words, tmp_path):
    pipe = tmp_path / "kiosk.yaml"
    os.mkfifo(pipe)
    with pytest.raises(ConfigError) as caught:
        load(pipe, words)
    assert [reason_of(complaint, words) for complaint in caught.value.complaints] == ["config_unreadable"]


def test_repeated_key_is_a_mistake_and_not_settled_in_silence(mistake):
    assert mistake("currency: JPY", "currency: JPY\ncurrency: USD") == (5, "currency", "yaml_duplicate")


def test_language_that_does_not_exist_is_complained_of_in_japanese(words, kiosk_file):
    with pytest.raises(ConfigError) as caught:
        load(kiosk_file(("language: en", "language: fr")), words)
    (complaint,) = caught.value.complaints
    assert "次のどれかです: ja, en" in complaint.wrong


@pytest.mark.parametrize("line", ["language: en", "language: 'en' # remark", 'language:  "en"\r'])
def test_language_of_a_broken_file_is_still_used(words, kiosk_file, line):
    with pytest.raises(ConfigError) as caught:
        load(kiosk_file(("language: en", line), ("shop: GAME BAR", "shop: [GAME BAR")), words)
    assert "bracket" in caught.value.complaints[0].wrong


def test_quotation_mark_that_is_not_closed_is_told_where_it_was_opened(words, kiosk_file):
    remark = "# the line that \"python3 run_kiosk.py pin\" makes\nserver: demo"
    with pytest.raises(ConfigError) as caught:
        load(kiosk_file(("shop: GAME BAR", 'shop: "GAME BAR'), ("server: demo", remark)), words)
    (complaint,) = caught.value.complaints
    assert (complaint.line, complaint.wrong) == (2, "A quotation mark opened in line 2 is not closed.")
    assert complaint.example == 'shop: "GAME BAR"'


@pytest.mark.parametrize(("line", "shown"), [
    ("  currency: JPY", ": currency: JPY"), (f"  currency: {'7' * 40}", ": currency: ***"),
    ("  pin: 4711", ": pin: ***"), ("- JPY", ": - JPY"),
])
def test_line_with_a_wrong_indentation_is_shown_without_its_secrets(words, kiosk_file, line, shown):
    with pytest.raises(ConfigError) as caught:
        load(kiosk_file(("currency: JPY", line)), words)
    (complaint,) = caught.value.complaints
    assert complaint.line == 4
    assert complaint.wrong.endswith(shown)


@pytest.mark.parametrize("written", ["yes", "no", "on", "off", "1", "True"])
def test_flag_is_true_or_false_and_nothing_that_yaml_might_take_for_it(mistake, written):
    assert mistake("server: demo", f"server: demo\nkiosk: {written}") == (6, "kiosk", "flag")


@pytest.mark.parametrize("written", ["0", "61", "010", "1.5", "12:30", "ten", "-3", "1_0", "9999999999"])
def test_expiry_is_whole_minutes_from_1_to_60(mistake, written):
    told = mistake("server: demo", f"server: demo\ntimes:\n  invoice_expiry_min: {written}")
    assert told == (7, "times.invoice_expiry_min", "integer")


def test_paid_screen_stays_at_least_three_seconds(mistake):
    told = mistake("server: demo", "server: demo\ntimes:\n  paid_screen_s: 2")
    assert told == (7, "times.paid_screen_s", "paid_screen")


@pytest.mark.parametrize(("old", "new", "told"), [
    ("till: K1", "till: K1234567-9", (1, "till", "till")),
    ("till: K1", "till: レジ", (1, "till", "till")),
    ("shop: GAME BAR", "shop: A SHOP WITH A NAME TOO LONG", (2, "shop", "shop")),
    ("shop: GAME BAR", 'shop: "GAME\\nBAR"', (2, "shop", "shop")),
    ("shop: GAME BAR", 'shop: "\u3000"', (2, "shop", "shop")),
    ("currency: JPY", "currency: jpy", (4, "currency", "currency")),
    ("currency: JPY", "currency: XXX", (4, "currency", "currency")),
    ("currency: JPY", "currency: [JPY]", (4, "currency", "single")),
    ("server: demo", "server: live", (5, "server", "server")),
    ("server: demo", "server: demo\ntheme: dim", (6, "theme", "choice")),
    ("server: demo", "server: demo\ntimes: 10", (6, "times", "section")),
    ("server: demo", "server: demo\nlightning:\n  network: bitcoin", (7, "lightning.network", "choice")),
    ("server: demo", "server: demo\nlightning:\n  network: mainnet", (7, "lightning.network", "demo_network")),
    ("server: demo", 'server: demo\njournal: "a\\0b"', (6, "journal", "text")),
])
def test_wrong_value_is_named_with_line_and_key(mistake, old, new, told):
    assert mistake(old, new) == told


@pytest.mark.parametrize("written", [
    NODE_ID[:-2], f"{NODE_ID}@203.0.113.5:9735", f"04{NODE_ID[2:]}", f"02{'g' * 64}",
])
def test_pinned_node_is_a_compressed_public_key(mistake, written):
    told = mistake("server: demo", f"server: demo\nlightning:\n  node_id: {written}")
    assert told == (7, "lightning.node_id", "node_id")


@pytest.mark.parametrize(("old", "new"), [
    (PIN, "1234"), (PIN, "'0000'"), ("scrypt", "bcrypt"), ("16384", "16385"), ("16384", "131072"), ("16384", "2048"),
    ("16384", "1099511627776"), (":8:", ":9:"), (":8:", ":1000000:"), (":1:", ":5:"), (":1:", ":0:"), ("5a", "5A"),
    ("5a" * 16, "5a" * 15), ("5a" * 16, "5a" * 33), ("0b" * 32, "0b" * 31), ("0b" * 32, "0b" * 33), (PIN, f"{PIN} x"),
    (PIN, f"'{PIN}\\n'"),
])
def test_line_of_a_pin_that_could_hang_the_till_or_is_the_pin_itself_is_refused_unseen(words, kiosk_file, old, new):
    line = PIN.replace(old, new)
    with pytest.raises(ConfigError) as caught:
        load(kiosk_file(("server: demo", f"server: demo\npin: {line}")), words)
    (complaint,) = caught.value.complaints
    assert (complaint.line, complaint.key, complaint.wrong) == (6, "pin", words["en"]("config.wrong.pin"))
    assert line.strip("'")[:12] not in render(caught.value.complaints)
    assert "run_kiosk.py pin" in complaint.example


@pytest.mark.parametrize("hidden", [
    "\u202e", "\u2066", "\u200b", "\u00ad", "\u2028", "\ufeff", "\u061c", "\u180e", "\U000e0041",
])
@pytest.mark.parametrize("old", ["GAME BAR", "Heartland", "ハートランド"])
def test_name_with_letters_that_cannot_be_seen_is_refused(mistakes, old, hidden):
    escaped = hidden.encode("ascii", "backslashreplace").decode()
    line = next(line for line in RIGHT.splitlines() if old in line)
    found = mistakes((line, line.replace(old, f'"{old}{escaped}"')))
    assert {reason for _, _, reason in found} <= {"shop", "name"}
    assert found


@pytest.mark.parametrize("text", ["", "# only a remark\n", "- till: K1\n", "just words"])
def test_file_without_settings_is_told_what_belongs_there(mistakes, text):
    assert mistakes(text=text) == [(1, "", "section")]


def test_aliases_are_refused_before_they_unfold(mistakes):
    text = "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nlanguage: en\n"
    assert {told[2] for told in mistakes(text=text)} >= {"yaml_alias"}


def test_alias_is_one_mistake_and_not_two(mistakes):
    assert mistakes(("till: K1", "till: &a K1"), ("shop: GAME BAR", "shop: *a")) == [
        (1, "till", "yaml_alias"), (2, "shop", "yaml_alias")]


def test_nesting_without_end_is_refused(mistakes):
    ((line, _, reason),) = mistakes(text="a: " + "[" * 100_000)
    assert (line, reason) == (1, "yaml_depth")


def test_file_that_is_not_there_is_named_with_the_command_that_makes_it(words, tmp_path):
    path = tmp_path / "my bar" / "kiosk.yaml"
    with pytest.raises(ConfigError) as caught:
        load(path, words, otherwise="en")
    (complaint,) = caught.value.complaints
    assert (complaint.file, complaint.line) == (str(path), None)
    assert complaint.wrong == f"There is no file '{path}'. To make one:"
    assert complaint.example == f"python3 run_kiosk.py pair --config '{path}'"


def test_folder_in_place_of_the_file_is_refused(words, tmp_path):
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, words, otherwise="en")
    (complaint,) = caught.value.complaints
    assert "cannot be read" in complaint.wrong
    assert complaint.example == f"ls -l {tmp_path}"


def test_file_over_one_megabyte_is_refused(words, kiosk_file):
    with pytest.raises(ConfigError) as caught:
        load(kiosk_file(text="#" * 1_000_001), words)
    assert "1 MB" in caught.value.complaints[0].wrong


def test_line_that_is_not_utf8_is_named(words, tmp_path):
    path = tmp_path / "kiosk.yaml"
    path.write_bytes("till: K1\nshop: 店\n".encode("shift_jis"))
    with pytest.raises(ConfigError) as caught:
        load(path, words)
    (complaint,) = caught.value.complaints
    assert complaint.line == 2
    assert "UTF-8" in complaint.wrong


@pytest.mark.parametrize("change", [
    ("server: demo", f"server: demo\napi_key: {API_KEY}"),
    ("server: demo", f"server: demo\n{API_KEY}: x"),
    ("server: demo", f"server: {API_KEY}"),
    ("GAME BAR", f"GAME {API_KEY.upper()} BAR"),
    ("heartland\n", f"{API_KEY}\n"),
    ("server: demo", f"server: {{url: 'https://b.example.com/?apiKey={API_KEY}', store_id: a, key_file: b}}"),
    ("server: demo", f"server: {{url: 'https://b.example.com', store_id: a, key: {API_KEY}, key_file: b}}"),
])
def test_key_in_the_file_is_refused_and_never_shown(words, kiosk_file, change):
    with pytest.raises(ConfigError) as caught:
        load(kiosk_file(change), words)
    shown = render(caught.value.complaints) + str(caught.value)
    assert words["en"]("config.wrong.secret") in shown
    assert API_KEY[:24] not in shown.lower()


@pytest.mark.parametrize("name", ["key", "api_key", "API-KEY", "apikey", "token", "secret", "password"])
def test_key_by_any_name_is_told_where_it_belongs(mistake, name):
    told = mistake("server: demo\n", f"{BLOCK}  {name}: short\n")
    assert told == (9, f"server.{name}", "secret")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_both_languages_lay_out_place_sentence_and_example(words, kiosk_file, language):
    path = kiosk_file(("language: en", f"language: {language}"), ("price: 800", "price: 1,400"))
    with pytest.raises(ConfigError) as caught:
        load(path, words)
    place, wrong, example = render(caught.value.complaints).splitlines()
    assert place == f"{path}:14  menu.items[0].price"
    assert wrong.strip() == words[language]("config.wrong.price", given="1,400")
    assert example.strip() == "→  price: 1400"


def test_sample_of_several_lines_stays_in_its_column(words, kiosk_file):
    with pytest.raises(ConfigError) as caught:
        load(kiosk_file(("server: demo", "server: live")), words)
    assert "    →  server:\n         url: https://" in render(caught.value.complaints)


def test_terminal_is_sent_nothing_unprintable(words, kiosk_file):
    with pytest.raises(ConfigError) as caught:
        load(kiosk_file(("till: K1", 'till: "\\e[2Jx"'), ("server: demo", 'server: demo\n"\\e[31m": x')), words)
    assert "\x1b" not in render(caught.value.complaints)


NASTY = st.sampled_from([
    "", " ", "\t", "\n", "- ", ": ", "{", "}", "[", "]", "&a ", "*a", "!!int ", "!<tag:x> ", "'", '"', "|\n", ">-\n",
    "? ", "# ", "---\n", "...\n", "%YAML 9.9\n", "~", "<<: ", "0x1F", ".inf", "1e999", "\u2028", "\x00", "\ufeff",
    "\U0001f37a", "１４００", "../../etc/passwd", "http://[::1", "https://[fe80::1%eth0]:99999", "9" * 400, "a" * 5000,
    '"\\ud800"', API_KEY,
]) | st.text(max_size=8)
EDIT = st.tuples(st.integers(0, len(SHIPPED)), st.integers(0, 40), NASTY)


@settings(max_examples=400, deadline=None)
@given(edits=st.lists(EDIT, min_size=1, max_size=4))
def test_no_edit_of_the_shipped_file_raises_anything_but_config_error(words, tmp_path_factory, edits):
    raw = SHIPPED
    for at, cut, put in edits:
        raw = raw[:at] + put.encode("utf-8", "surrogatepass") + raw[at + cut:]
    _load_or_complain(tmp_path_factory, raw, words)


@settings(max_examples=400, deadline=None)
@given(line=st.integers(0, RIGHT.count("\n") - 1), put=NASTY)
def test_no_value_raises_anything_but_config_error(words, tmp_path_factory, line, put):
    lines = RIGHT.replace("server: demo\n", f"{BLOCK}  ca_file: x\n").splitlines()
    name, colon, _ = lines[line].partition(":")
    lines[line] = f"{name}{colon} {put}"
    _load_or_complain(tmp_path_factory, "\n".join(lines).encode("utf-8", "surrogatepass"), words)


@settings(max_examples=200, deadline=None)
@given(raw=st.binary(max_size=200))
def test_no_bytes_raise_anything_but_config_error(words, tmp_path_factory, raw):
    _load_or_complain(tmp_path_factory, raw, words)


def _load_or_complain(folders, raw, words):
    path = folders.getbasetemp() / "any.yaml"
    path.write_bytes(raw)
    try:
        load(path, words)
        return
    except ConfigError as error:
        told = error
    assert told.complaints
    assert all(complaint.example and complaint.line for complaint in told.complaints)
    assert API_KEY not in render(told.complaints) + str(told)
