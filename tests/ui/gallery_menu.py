"""Sample views of the menu and the keypad: each state in both languages, with the worst words, figures and numbers."""

from dataclasses import replace

from pos.core import touches as t
from pos.ui.view import Banner, Button, KeypadView, Light, LineView, MenuView, Pill, Sheet, StatusBar, Tile, View

STATUS = StatusBar("GAME BAR", "DEMO", (Light("green", "BTCPay"), Light("green", "Lightning")), "21:47", None)
STATUS_DOWN = replace(
    STATUS,
    lights=(Light("red", "BTCPay 不通"), Light("grey", "Lightning 未確認")),
    notices=Button("要確認 2", t.OpenNotices(), "danger"),
)
STATUS_WORST = StatusBar(
    "The Crown and Two Chairmen",
    "DEMO",
    (Light("amber", "BTCPay is syncing"), Light("grey", "Lightning not checked yet")),
    "21:47",
    Button("12 to check", t.OpenNotices(), "danger"),
)


def tile(n: int, name: str, price: str, color: str, *, badge: str = "", flag: str = "", picture: str = "") -> Tile:
    """Make a tile with touches of its own."""
    return Tile(name, price, color, badge, flag, picture, t.TapItem(f"item-{n}"), t.HoldItem(f"item-{n}"))


def line(n: int, name: str, amount: str, quantity: str) -> LineView:
    """Make a line with touches of its own."""
    key = f"item-{n}"
    return LineView(key, name, amount, quantity, t.ChangeLine(key, -1), t.ChangeLine(key, +1), t.RemoveLine(key))


def pill(n: int, label: str, color: str) -> Pill:
    """Make a category's pill."""
    return Pill(label, color, chosen=False, touch=t.PickCategory(f"category-{n}"))


CUSTOM_JA = Tile("金額入力", "メニュー外", "grey", "", "", "", t.OpenKeypad(), None)
CUSTOM_EN = Tile("Other amount", "Not on the menu", "grey", "", "", "", t.OpenKeypad(), None)

TILES_JA = (
    tile(1, "ハートランド", "¥800", "amber", badge="2"),
    tile(2, "よなよなエール", "¥950", "amber"),
    tile(3, "ジントニック", "¥900", "violet"),
    tile(4, "モスコミュール", "¥900", "violet"),
    tile(5, "ウーロン茶", "¥500", "blue"),
    tile(6, "コーラ", "¥500", "blue"),
    tile(7, "ポテトフライ", "¥700", "green", badge="1"),
    tile(8, "枝豆", "¥500", "green", flag="売り切れ"),
)
MORE_JA = (
    tile(9, "チャージ", "¥500", "grey"),
    tile(10, "ハイボール", "¥800", "violet"),
    tile(11, "ジンジャーエール", "¥500", "blue"),
    tile(12, "ナッツ", "¥500", "green"),
    tile(13, "ノンアルコールビール大ジョッキ", "¥1,650", "amber"),
    tile(14, "自家製レモンサワーのピッチャー(4〜5人前)", "¥1,234,567", "violet", badge="99"),
    tile(15, "ゲーム席 1時間", "¥1,000", "grey"),
)
PILLS_JA = (
    Pill("全部", "", chosen=True, touch=t.PickCategory(None)),
    pill(1, "ドリンク", "blue"),
    pill(2, "ビール", "amber"),
    pill(3, "カクテル", "violet"),
    pill(4, "フード", "green"),
)

EMPTY_JA = MenuView(
    status=STATUS,
    banner=None,
    pills=PILLS_JA,
    tiles=(*(replace(each, badge="") for each in TILES_JA), CUSTOM_JA),
    title="ご注文",
    number="K1-0042",
    lines=(),
    newest="",
    hint="メニューをタップすると\nここに入ります",
    last="",
    count="",
    total="",
    clear=Button("全て消す", t.Clear(), "outline", enabled=False),
    pay=Button("支払い", t.Pay(), "primary", enabled=False),
    sheet=None,
)
ORDER_JA = replace(
    EMPTY_JA,
    tiles=(*TILES_JA, CUSTOM_JA),
    lines=(line(1, "ハートランド", "¥1,600", "2"), line(7, "ポテトフライ", "¥700", "1")),
    newest="item-7",
    hint="",
    count="3点・税込",
    total="¥2,300",
    clear=Button("全て消す", t.Clear(), "outline"),
    pay=Button("¥2,300 支払い", t.Pay(), "primary"),
)
BUSY_JA = replace(
    ORDER_JA,
    pills=(*PILLS_JA, pill(5, "席料", "grey")),
    tiles=(*TILES_JA, *MORE_JA, CUSTOM_JA),
    lines=(
        *ORDER_JA.lines,
        line(14, "自家製レモンサワーのピッチャー(4〜5人前)", "¥1,234,567", "99"),
        line(13, "ノンアルコールビール大ジョッキ", "¥1,650", "1"),
    ),
    newest="item-13",
    count="103点・税込",
    total="¥1,238,517",
    pay=Button("¥1,238,517 支払い", t.Pay(), "primary"),
)
AWAY_JA = replace(
    BUSY_JA,
    status=STATUS_DOWN,
    banner=Banner(
        "BTCPay Serverに接続できません。ネットワークを確認してください。（最後の応答: 24秒前）",
        Button("今すぐ試す", t.TryNow()),
    ),
)
ITEM_SHEET_JA = Sheet(
    "ハートランド",
    "この画面のまま選べます。",
    (
        Button("売り切れにする", t.SetSoldOut("item-1", True)),
        Button("1つ減らす", t.ChangeLine("item-1", -1)),
        Button("閉じる", t.Close(), "outline"),
    ),
    t.Close(),
)
ORDER_EN = replace(
    ORDER_JA,
    pills=(
        Pill("All", "", chosen=False, touch=t.PickCategory(None)),
        pill(1, "Drinks", "blue"),
        replace(pill(2, "Beer", "amber"), chosen=True),
        pill(3, "Cocktails", "violet"),
        pill(4, "Food", "green"),
    ),
    tiles=(
        tile(1, "Heartland", "¥800", "amber", badge="2"),
        tile(2, "Yona Yona Ale", "¥950", "amber"),
        tile(3, "Non-Alcoholic Beer", "¥650", "amber"),
        tile(4, "French Fries", "¥700", "green", flag="Sold out"),
        CUSTOM_EN,
    ),
    title="Order",
    lines=(line(1, "Heartland", "¥1,600", "2"), line(7, "French Fries", "¥700", "1")),
    count="3 items, tax incl.",
    clear=Button("Clear all", t.Clear(), "outline"),
    pay=Button("Pay ¥2,300", t.Pay(), "primary"),
)
CLEARING_EN = replace(ORDER_EN, clear=Button("Tap again to clear", t.Clear(), "danger"))
WORST_EN = replace(
    ORDER_EN,
    status=STATUS_WORST,
    banner=Banner(
        "BTCPay refuses the key: it is not valid, or it lacks a permission that the till needs "
        "(last answer: 12 minutes ago)",
        Button("Try now", t.TryNow()),
    ),
    pills=tuple(pill(n, f"Category {n} with a name", "violet") for n in range(20)),
    tiles=tuple(
        tile(n, f"Extraordinarily Long-Named Signature Cocktail {n}", "CHF 99,999.95", "blue", badge="12")
        for n in range(500)
    ),
    lines=tuple(
        line(n, f"Extraordinarily Long-Named Signature Cocktail {n}", "CHF 1,199,999.40", "12") for n in range(30)
    ),
    newest="item-29",
    number="COUNTER1-100042",
    count="360 items, tax incl.",
    total="CHF 35,999,982.00",
    clear=Button("Tap again to clear", t.Clear(), "danger"),
    pay=Button("Pay CHF 35,999,982.00", t.Pay(), "primary"),
)

KEYPAD_JA = KeypadView(
    status=STATUS,
    title="金額を入力",
    amount="¥1,400",
    keys=(
        *(Button(key, t.Digit(key)) for key in ("1", "2", "3", "4", "5", "6", "7", "8", "9", "00", "0")),
        Button("⌫", t.Erase()),
    ),
    enter=Button("注文に入れる", t.Enter(), "primary"),
    close=Button("やめる", t.Close(), "outline"),
)
KEYPAD_EMPTY_EN = replace(
    KEYPAD_JA,
    title="Enter an amount",
    amount="CHF 0.00",
    keys=(*KEYPAD_JA.keys[:-1], Button("⌫", t.Erase(), enabled=False)),
    enter=Button("Add to order", t.Enter(), "primary", enabled=False),
    close=Button("Cancel", t.Close(), "outline"),
)

VIEWS: tuple[tuple[str, View], ...] = (
    ("menu-empty-ja", EMPTY_JA),
    ("menu-order-ja", ORDER_JA),
    ("menu-busy-ja", BUSY_JA),
    ("menu-away-ja", AWAY_JA),
    ("menu-item-ja", replace(BUSY_JA, sheet=ITEM_SHEET_JA)),
    ("menu-order-en", ORDER_EN),
    ("menu-clearing-en", CLEARING_EN),
    ("menu-worst-en", WORST_EN),
    ("keypad-ja", KEYPAD_JA),
    ("keypad-empty-en", KEYPAD_EMPTY_EN),
    ("keypad-worst-en", replace(KEYPAD_EMPTY_EN, amount="CHF 99,999.95", status=STATUS_WORST)),
)
