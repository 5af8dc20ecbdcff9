"""Rows read off the pages of real SQLite files, and what is on pages beside them."""

import sqlite3
from contextlib import closing
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.journal import pages

COLUMNS = "seq INTEGER PRIMARY KEY, at_ms, subject, kind, body, final"


def written(folder: Path, *rows: tuple[object, ...], columns: str = COLUMNS) -> list[pages.Row]:
    """Let SQLite write rows, and read them off its pages."""
    path = folder / "journal.db"
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"CREATE TABLE event ({columns})")
        db.executemany(f"INSERT INTO event VALUES ({', '.join('?' * len(rows[0]))})", rows)  # noqa: S608
        db.commit()
    return list(pages.rows(path))


whole = st.integers(-(2**63), 2**63 - 1)
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
long_text = st.builds(lambda part, times: part * times, text, st.sampled_from([1, 100, 1000]))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(whole, text, text, long_text, st.integers(0, 1)), min_size=1, max_size=30))
def test_every_row_is_read_as_sqlite_wrote_it(
    tmp_path_factory: pytest.TempPathFactory, values: list[tuple[int, str, str, str, int]]
) -> None:
    rows = [(seq, *row) for seq, row in enumerate(values, 1)]
    assert sorted(written(tmp_path_factory.mktemp("rows"), *rows)) == rows


GOOD = (7, 1, "K1-0042-1", "NotFound", "{}", 0)


@pytest.mark.parametrize(
    "other",
    [
        (8, 1.5, "K1-0042-1", "NotFound", "{}", 0),
        (8, "1", "K1-0042-1", "NotFound", "{}", 0),
        (8, None, "K1-0042-1", "NotFound", "{}", 0),
        (8, 1, 42, "NotFound", "{}", 0),
        (8, 1, "K1-0042-1", "NotFound", b"{}", 0),
        (8, 1, "K1-0042-1", "NotFound", None, 0),
        (8, 1, "K1-0042-1", "NotFound", "{}", 2),
        (8, 1, "K1-0042-1", "NotFound", "{}", "0"),
        (-8, 1, "K1-0042-1", "NotFound", "{}", 0),
        (2**62, 1, "K1-0042-1", "NotFound", "{}", 0),
    ],
)
def test_what_is_no_row_of_ours_is_passed_over(tmp_path: Path, other: tuple[object, ...]) -> None:
    assert written(tmp_path, GOOD, other) == [GOOD]


def test_rows_of_other_tables_are_passed_over(tmp_path: Path) -> None:
    assert written(tmp_path, (1, 2, 3), columns="a, b, c") == []
    assert written(tmp_path, (1, 2, 3, "x", "y", "z", 0), columns="a, b, c, d, e, f, g") == []


def test_text_that_is_no_text_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    assert written(tmp_path, GOOD, (8, *GOOD[1:])) == [GOOD, (8, *GOOD[1:])]
    content = path.read_bytes()
    path.write_bytes(content.replace(b"K1-0042-1", b"K1\xff0042-1", 1))
    assert len(list(pages.rows(path))) == 1


class Card(BytesIO):
    """A file on a card of which the third page is lost."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() == 2 * pages.PAGE_BYTES:
            raise OSError(5, "Input/output error")
        return super().read(size)


def test_a_page_that_the_medium_has_lost_costs_only_its_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(seq, 1, "K1-0042-1", "NotFound", "x" * 1500, 0) for seq in range(1, 9)]
    written(tmp_path, *rows)
    content = (tmp_path / "journal.db").read_bytes()
    (tmp_path / "journal.db-wal").touch()
    empty = (tmp_path / "journal.db-wal").open("rb")
    monkeypatch.setattr(Path, "open", lambda path, **_: empty if path.name.endswith("-wal") else Card(content))
    kept = list(pages.rows(tmp_path / "journal.db"))
    assert kept == [row for row in rows if row in kept]
    assert len(kept) == 6


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("anything")
    written(folder, *((seq, 1, "K1-0042-1", "NotFound", "x" * (40 * seq % 5000), 0) for seq in range(1, 40)))
    return folder / "journal.db"


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 60))
def test_pages_of_anything_are_read_to_their_end(good: Path, seed: int, changes: int) -> None:
    """Bytes of good pages are changed: nothing but rows comes out, and it does come to an end."""
    content, random = bytearray(good.read_bytes()), Random(seed)
    for _ in range(changes):
        content[random.randrange(4096, len(content))] = random.randrange(256)
    changed = good.with_name("changed.db")
    changed.write_bytes(content)
    assert all(0 < row[0] < 2**62 and row[5] in (0, 1) for row in pages.rows(changed))


# --- the log ---------------------------------------------------------------------------------------------------------


def log_of(folder: Path, transactions: int) -> bytes:
    """Let SQLite write a log."""
    with closing(sqlite3.connect(folder / "journal.db", isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(f"CREATE TABLE event ({COLUMNS})")
        for seq in range(1, transactions + 1):
            db.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", (seq, *GOOD[1:]))
        return (folder / "journal.db-wal").read_bytes()


def test_frames_are_found_with_their_places_and_commits(tmp_path: Path) -> None:
    log = log_of(tmp_path, 3)
    found = pages.frames(log)
    assert pages.log_is_headed(log)
    assert [frame.place for frame in found] == list(range(1, len(found) + 1))
    assert sum(frame.commits for frame in found) == 4
    assert len(log) == found[-1].begins + pages.PAGE_BYTES


def test_frames_of_an_earlier_round_do_not_count(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "journal.db", isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(f"CREATE TABLE event ({COLUMNS})")
        for seq in range(1, 9):
            db.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", (seq, *GOOD[1:]))
        db.execute("PRAGMA wal_checkpoint(RESTART)").fetchall()
        db.execute("INSERT INTO event VALUES (99, 1, 'K1-0042-1', 'NotFound', '{}', 0)")
        log = (tmp_path / "journal.db-wal").read_bytes()
    assert len(log) > 5 * pages.PAGE_BYTES
    assert len(pages.frames(log)) == 1


@pytest.mark.parametrize("end", [0, 3, 31])
def test_a_log_without_a_whole_header_is_told(tmp_path: Path, end: int) -> None:
    log = log_of(tmp_path, 1)
    assert not pages.log_is_headed(log[:end])
    assert pages.frames(log[:end]) == []
    assert not pages.log_is_headed(log[:end] + b"?" + log[end + 1 :])


def test_a_log_whose_header_is_lost_still_gives_its_frames(tmp_path: Path) -> None:
    log = log_of(tmp_path, 3)
    assert pages.frames(bytes(32) + log[32:]) == pages.frames(log)


def test_what_follows_the_last_commit_was_never_part_of_the_journal(tmp_path: Path) -> None:
    log = log_of(tmp_path, 3)
    path = tmp_path / "journal.db"
    path.write_bytes(b"")
    path.with_name("journal.db-wal").write_bytes(log)
    assert {row[0] for row in pages.rows(path)} == {1, 2, 3}
    last = pages.frames(log)[-1]
    undone = bytearray(log)
    undone[last.begins - 20 : last.begins - 16] = bytes(4)
    path.with_name("journal.db-wal").write_bytes(undone)
    assert {row[0] for row in pages.rows(path)} == {1, 2}
