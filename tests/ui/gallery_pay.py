"""Sample views of the payment, paid, trouble and notices screens: each state, both languages, the worst words."""

from dataclasses import replace

from pos.core import touches as t
from pos.ui.view import (
    Button,
    Light,
    Notice,
    NoticesView,
    PaidView,
    PayView,
    Row,
    Sheet,
    StatusBar,
    TroubleView,
    View,
)

BOLT11 = (
    "lnbc135290n1pj48ww8pp5w0q7fyh7vx2m0h3dz4k9l8sj2r6tncae5guu0fxp7v4m3q2rz8sdq8w3jhxaqcqzzsxqyz5vqsp5y"
    "9kxg7r0s2m8v4z6q3n5t7w9jdlhfcaeu2p4x6v8y0r3s5g7h9jkqs9qyyssq8k2z4x6c8v0b3n5m7q9w2e4r6t8y0up3a5s7d9fg"
    "2h4j6kl8z0x3c5v7nm9q2w4e6r8t0y3u5p7a9sd2f4g6hj8k0lz3x5cvnqgp9m4n2kz5k9x3c5v7nm9q2w4e6r8t0y3u5p7a9sd2"
)

STATUS = StatusBar(
    shop="GAME BAR",
    demo="DEMO",
    lights=(Light("green", "BTCPay"), Light("green", "Lightning")),
    clock="21:47",
    notices=None,
)
STATUS_EN = replace(STATUS, notices=Button("2 notices", t.OpenNotices(), "danger"))

BACK_JA = Button("注文に戻る", t.Back(), "outline")
HELP_JA = Button("お困りですか？", t.Help(), "plain")
BACK_EN = Button("Back to order", t.Back(), "outline")
HELP_EN = Button("Need help?", t.Help(), "plain")

WAITING_JA = PayView(
    demo=Button("DEMO 客のスマホ", t.OpenPhone()),
    language=Button("English", t.SwitchLanguage()),
    qr=BOLT11,
    instead="",
    busy=False,
    instruction="ウォレットで読み取ってください",
    amount="¥2,300",
    sats="13,529 sats",
    rate="1 BTC = ¥17,000,100・12秒前",
    rows=(Row("注文番号", "42"), Row("残り時間", "9:41")),
    left_permille=930,
    state=Light("green", "お支払いを待っています"),
    buttons=(BACK_JA, HELP_JA),
    sheet=None,
)
WAITING_EN = replace(
    WAITING_JA,
    demo=Button("DEMO phone", t.OpenPhone()),
    language=Button("日本語", t.SwitchLanguage()),
    instruction="Scan with your Lightning wallet",
    rate="1 BTC = ¥17,000,100 · 12 s ago",
    rows=(Row("Order", "42"), Row("Time left", "9:41")),
    state=Light("green", "Waiting for the payment"),
    buttons=(BACK_EN, HELP_EN),
)
PREPARING_JA = replace(
    WAITING_JA,
    qr="",
    instead="QRを準備しています",
    busy=True,
    instruction="少々お待ちください",
    sats="",
    rate="",
    rows=(Row("注文番号", "42"),),
    left_permille=-1,
    state=Light("grey", "BTCPayに問い合わせています"),
    buttons=(BACK_JA,),
)
UNREACHABLE_EN = replace(
    WAITING_EN,
    qr="",
    instead="BTCPay cannot be reached",
    busy=True,
    instruction="The order is kept. We keep trying; cash works meanwhile.",
    sats="",
    rate="",
    rows=(Row("Order", "42"), Row("Next try in", "8 s")),
    left_permille=-1,
    state=Light("red", "No answer from BTCPay for 2 min 10 s"),
    buttons=(BACK_EN, HELP_EN, Button("Try now", t.TryNow(), "primary")),
)
LOST_JA = replace(
    WAITING_JA,
    state=Light("amber", "BTCPayと通信できません。確認を続けています（24秒前）"),
    left_permille=310,
    rows=(Row("注文番号", "42"), Row("残り時間", "3:06")),
)
LOST_EN = replace(
    WAITING_EN,
    state=Light("amber", "Connection lost, still watching (last answer 24 s ago)"),
    left_permille=12,
    rows=(Row("Order", "42"), Row("Time left", "0:07", "red")),
)
PART_JA = replace(
    WAITING_JA,
    instruction="不足分をお支払いください",
    amount="¥1,300",
    sats="7,647 sats",
    rows=(
        Row("注文番号", "42"),
        Row("受領済み", "5,882 sats", "green"),
        Row("不足", "7,647 sats", "amber"),
        Row("残り時間", "4:12"),
    ),
    left_permille=420,
    state=Light("amber", "一部だけ届きました"),
)
PART_EN = replace(
    WAITING_EN,
    instruction="Please pay the rest with this new QR",
    amount="¥1,300",
    sats="7,647.123 sats",
    rows=(
        Row("Order number", "42"),
        Row("Received", "5,882 sats", "green"),
        Row("Missing", "7,647.123 sats", "amber"),
        Row("Time left", "4:12"),
    ),
    left_permille=420,
    state=Light("amber", "Part of it arrived"),
)
EXPIRED_JA = replace(
    WAITING_JA,
    qr="",
    instead="QRの期限が切れました",
    instruction="お支払い済みの場合はスタッフにお知らせください。届いた入金は引き続き確認します。",
    rows=(Row("注文番号", "42"),),
    left_permille=-1,
    state=Light("red", "このQRには支払わないでください"),
    buttons=(Button("新しいQR", t.NewQr(), "primary"), BACK_JA, HELP_JA),
)
EXPIRED_EN = replace(
    WAITING_EN,
    qr="",
    instead="This QR has expired",
    instruction="If you have paid already, please tell the staff. We keep watching for your payment.",
    rows=(Row("Order", "42"),),
    left_permille=-1,
    state=Light("red", "Do not pay the old QR"),
    buttons=(Button("New QR", t.NewQr(), "primary"), BACK_EN, HELP_EN),
)
WORST_EN = replace(
    LOST_EN,
    demo=Button("DEMO phone", t.OpenPhone()),
    instruction="Scan this code with any Lightning wallet on your phone, then confirm",
    amount="CHF 99,999.95",
    sats="123,456,789.123 sats",
    rate="1 BTC = CHF 1,117,000,100.55 · 2 h 12 min ago",
    rows=(
        Row("Order", "K1-100042"),
        Row("Received so far", "123,456,000.999 sats", "amber"),
        Row("Time left", "1:59:41"),
    ),
    buttons=(Button("Make a new QR code", t.NewQr(), "primary"), BACK_EN, HELP_EN),
)

ASK_BACK_JA = Sheet(
    "注文に戻りますか？",
    "このQRは期限まで支払えます。お客様がすでに読み取っている場合は、少しお待ちください。",
    (Button("待つ", t.Close(), "primary"), Button("注文に戻る", t.ConfirmBack(), "danger")),
    t.Close(),
)
HELP_SHEET_EN = Sheet(
    "How to pay",
    "Open a Lightning wallet on your phone, choose Scan, and hold it over the black and white square. Check the "
    "amount, then confirm. This screen turns green when the money has arrived. No wallet? Please ask at the counter.",
    (Button("Close", t.Close(), "primary"),),
    t.Close(),
)
PHONE_JA = Sheet(
    "お客様のスマホ（DEMO）",
    "デモ用の請求書に対して、お客様の動きを試せます。",
    (
        Button("全額を支払う", t.PhoneDoes("full"), "primary"),
        Button("半分だけ支払う", t.PhoneDoes("under"), "plain"),
        Button("期限を過ぎてから支払う", t.PhoneDoes("late"), "plain"),
        Button("支払わずに期限切れ", t.PhoneDoes("expire"), "plain"),
        Button("閉じる", t.Close(), "outline"),
    ),
    t.Close(),
)
PHONE_EN = Sheet(
    "The customer's phone (demo)",
    "What should the customer do with this invoice?",
    (
        Button("Pay in full", t.PhoneDoes("full"), "primary"),
        Button("Pay only half", t.PhoneDoes("under"), "plain"),
        Button("Pay after it expired", t.PhoneDoes("late"), "plain"),
        Button("Let it expire", t.PhoneDoes("expire"), "plain"),
        Button("Close", t.Close(), "outline"),
    ),
    t.Close(),
)

PAID_JA = PaidView(
    demo="DEMO",
    title="お支払い完了",
    subtitle="PAID",
    amount="¥2,300",
    detail="13,529 sats",
    order="注文番号 42",
    button=Button("次のご注文", t.Done(), "white"),
)
PAID_EN = replace(
    PAID_JA,
    demo="",
    title="PAID",
    subtitle="お支払い完了",
    order="Order 42",
    button=Button("Next order", t.Done(), "white"),
)
PAID_WORST = replace(
    PAID_EN,
    demo="DEMO",
    amount="CHF 99,999.95",
    detail="123,456,789.123 sats",
    order="Order K1-100042",
    button=Button("Hand over and take the next order", t.Done(), "white"),
)

MISMATCH_JA = TroubleView(
    status=STATUS,
    title="このQRは表示しません",
    text="請求書の受取先が、登録した当店のノードと一致しません。お客様には現金でのお支払いをご案内ください。",
    rows=(Row("登録ノード", "02b038…bcfa6f"), Row("請求書の受取先", "03e715…9ad4d9", "red")),
    safe="注文 K1-0042 は保存済み",
    buttons=(Button("注文に戻る", t.Back(), "plain"), Button("もう一度", t.NewQr(), "primary")),
)
MISMATCH_EN = TroubleView(
    status=STATUS_EN,
    title="This QR is not shown",
    text="The invoice would pay a node that is not the one registered for this shop. Please ask the customer to pay in "
    "cash, and tell the owner before the next sale.",
    rows=(
        Row("Registered node", "02b038…bcfa6f"),
        Row("Payee of the invoice", "03e715…9ad4d9", "red"),
        Row("Amount asked for", "13,529 sats"),
        Row("Amount in the invoice", "1,352,900,000.001 sats", "red"),
    ),
    safe="Order K1-0042 is saved; nothing was paid",
    buttons=(
        Button("Back to order", t.Back(), "plain"),
        Button("Need help?", t.Help(), "outline"),
        Button("Try again", t.NewQr(), "primary"),
    ),
)
STOPPED_JA = TroubleView(
    status=STATUS,
    title="Lightning払いを止めてください",
    text="ディスクに空きがないか、書き込みができません。空きを作ってから「もう一度」を押してください。",
    rows=(),
    safe="ここまでの注文はすべて保存済みです",
    buttons=(Button("もう一度", t.TryNow(), "primary"),),
)

NOTICE_JA = Notice(
    "期限のあとに入金 ¥2,300",
    "注文番号 42（K1-0042）。お客様に商品をお渡しするか、返金してください。",
    "21:52",
    Button("確認しました", t.Acknowledge("K1-0042-1"), "primary"),
    "ハートランド ×2 · ポテトフライ ×1",
)
NOTICE_EN = Notice(
    "Paid after the order was cancelled: CHF 99,999.95",
    "Order 42 (K1-0042), 123,456,789.123 sats. Hand over the goods or pay the customer back, then acknowledge; the "
    "journal keeps the payment either way.",
    "yesterday 23:59",
    Button("Noted", t.Acknowledge("K1-0042-2"), "primary"),
    "Heartland from the tap, half a litre ×12 · Home-made lemon sour, the pitcher for five ×3 · Chips ×1",
)
NOTICES_JA = NoticesView(STATUS, "確認が必要なこと", (NOTICE_JA,), Button("戻る", t.Close(), "outline"))
NOTICES_EN = NoticesView(
    STATUS_EN,
    "Notices",
    tuple(replace(NOTICE_EN, button=replace(NOTICE_EN.button, touch=t.Acknowledge(f"K1-{n}"))) for n in range(5)),
    Button("Close", t.Close(), "plain"),
)

VIEWS: tuple[tuple[str, View], ...] = (
    ("pay-waiting-ja", WAITING_JA),
    ("pay-waiting-en", WAITING_EN),
    ("pay-shop-ja", replace(WAITING_JA, demo=None)),
    ("pay-preparing-ja", PREPARING_JA),
    ("pay-unreachable-en", UNREACHABLE_EN),
    ("pay-lost-ja", LOST_JA),
    ("pay-lost-en", LOST_EN),
    ("pay-part-ja", PART_JA),
    ("pay-part-en", PART_EN),
    ("pay-expired-ja", EXPIRED_JA),
    ("pay-expired-en", EXPIRED_EN),
    ("pay-worst-en", WORST_EN),
    ("pay-ask-back-ja", replace(WAITING_JA, sheet=ASK_BACK_JA)),
    ("pay-help-en", replace(WAITING_EN, sheet=HELP_SHEET_EN)),
    ("pay-phone-ja", replace(WAITING_JA, sheet=PHONE_JA)),
    ("pay-phone-en", replace(WAITING_EN, sheet=PHONE_EN)),
    ("paid-ja", PAID_JA),
    ("paid-en", PAID_EN),
    ("paid-worst-en", PAID_WORST),
    ("trouble-mismatch-ja", MISMATCH_JA),
    ("trouble-mismatch-en", MISMATCH_EN),
    ("trouble-stopped-ja", STOPPED_JA),
    ("notices-one-ja", NOTICES_JA),
    ("notices-five-en", NOTICES_EN),
)
