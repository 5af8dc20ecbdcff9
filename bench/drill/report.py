"""The figures of a drill, as a table for people and as JSON for machines.

Rule: what did not happen is told as well as what did: faults that could not be had here, and those that never took
effect.
"""

import platform
import sqlite3
from typing import Any

from bench.drill import camera
from bench.drill.drill import Result
from bench.drill.faults import PICTURES, WINDOW, Kind
from bench.drill.versions import SURPLUS_LATER, VERSIONS, sales_at
from pos import __version__

_MSAT = 1000
_LEDGERS = ("phones", "server", "till")


def never_seen(result: Result) -> list[str]:
    """Name the faults that could have happened here and never took effect."""
    missing = [str(kind) for kind in Kind if kind not in result.impossible and not result.seen[kind]]
    others = {WINDOW: "sales in a window", PICTURES: camera.READ} | {f"server {one}": sales_at(one) for one in VERSIONS}
    possible = {what: count for what, count in others.items() if what not in result.impossible}
    return missing + [what for what, count in possible.items() if not result.counts[count]]


def as_json(result: Result) -> dict[str, Any]:
    """Give everything as values."""
    return {
        "seed": result.order.seed,
        "sales": result.counts["sales"],
        "nights": result.nights,
        "wall_s": round(result.wall_s, 1),
        "counts": {name: count for name, count in sorted(result.counts.items()) if not name.startswith("msat")},
        "millisatoshi": {who: result.counts[f"msat by {who}"] for who in (*_LEDGERS, "lost orders")},
        "sales_by_server_version": {version: result.counts[sales_at(version)] for version in VERSIONS},
        "settled_answer_to_paid_ms": _spread(result.paid_ms),
        "faults": {str(kind): {"begun": result.begun[kind], "took_effect": result.seen[kind]} for kind in Kind},
        "not_possible_here": dict(result.impossible),
        "never_took_effect": never_seen(result),
        "discrepancies": len(result.wrong),
        "wrong": result.wrong,
        "versions": _versions(),
    }


def as_table(result: Result) -> str:
    """Write the table."""
    counts = result.counts
    lines = [
        f"seed {result.order.seed}, {counts['sales']:,} sales in {result.nights} nights, {result.wall_s:.0f} s",
        "",
        *(f"{name:44} {counts[name]:>12,}" for name in _COUNTS),
        "",
        *(f"{f'satoshi by the {who}':44} {counts[f'msat by {who}'] // _MSAT:>12,}" for who in _LEDGERS),
        f"{'satoshi of orders lost to damage':44} {counts['msat by lost orders'] // _MSAT:>12,}",
        f"{'DISCREPANCIES':44} {len(result.wrong):>12,}",
        "",
        "from the server's answer to PAID on the screen: "
        + ", ".join(f"{name} {value} ms" for name, value in _spread(result.paid_ms).items()),
        "",
        f"{'sales at a BTCPay Server of':44}",
        *(f"{f'  {version}':44} {counts[sales_at(version)]:>12,}" for version in VERSIONS),
        f"{SURPLUS_LATER:44} {counts[SURPLUS_LATER]:>12,}",
        "",
        f"{'fault':44} {'begun':>12} {'took effect':>12}",
    ]
    for kind in Kind:
        if kind in result.impossible:
            lines.append(f"{kind:44} not possible here: {result.impossible[kind]}")
        else:
            lines.append(f"{kind:44} {result.begun[kind]:>12,} {result.seen[kind]:>12,}")
    windows = [what for what in (WINDOW, PICTURES) if what in result.impossible]
    lines += [f"{what:44} not possible here: {result.impossible[what]}" for what in windows]
    if missing := never_seen(result):
        lines.append(f"NEVER TOOK EFFECT: {', '.join(missing)}")
    return "\n".join([*lines, "", ", ".join(f"{name} {version}" for name, version in _versions().items())])


_COUNTS = (
    "sales",
    "sales in a window",
    camera.READ,
    camera.EMPTY,
    "orders",
    "QRs shown",
    "invoices",
    "orders paid",
    "notices read",
    "duplicates found",
    "lives",
    "kills",
    "power cuts",
    "journals salvaged",
    "torn logs taken for damage",
    "restores of a whole journal",
    "restores of a damaged journal",
    "restores of a lost journal",
    "orders hurt by damage",
    "orders lost to damage, reported",
    "power cuts that lost writes",
    "writes lost",
    "closed in order",
    "starts refused for the disk",
    "screens judged",
    "files searched for the key",
)


def _spread(samples: list[int]) -> dict[str, int]:
    if not samples:
        return {"n": 0}
    ordered = sorted(samples)
    at = {name: ordered[min(len(ordered) - 1, len(ordered) * part // 1000)] for name, part in _PARTS.items()}
    return {"n": len(ordered), **at, "max": ordered[-1]}


_PARTS = {"median": 500, "95 %": 950, "99.9 %": 999}


def _versions() -> dict[str, str]:
    return {"till": __version__, "Python": platform.python_version(), "SQLite": sqlite3.sqlite_version}
