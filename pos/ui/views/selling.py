"""The menu with the order beside it, and the keypad.

Rule: what cannot be done looks as if it cannot be done, and says what to do instead.
"""

from pos.core import touches as t
from pos.core.cart import Line
from pos.core.menu import Item, name_in
from pos.core.money import Money, show
from pos.core.screens import Selling
from pos.ui.view import Button, KeypadView, LineView, MenuView, Pill, Sheet, Tile
from pos.ui.views import status
from pos.ui.views.scene import Scene

_KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "00", "0")


def menu(scene: Scene, screen: Selling) -> MenuView:
    """Make the menu."""
    words, cart = scene.staff, scene.till.cart
    total = show(cart.total)
    return MenuView(
        status=status.bar(scene),
        banner=status.banner(scene),
        pills=_pills(scene),
        tiles=_tiles(scene),
        title=words("menu.order"),
        number=scene.order_id,
        lines=tuple(_line(scene, line) for line in cart.lines),
        newest=cart.lines[-1].key if cart.lines else "",
        hint="" if cart.lines else words("menu.empty"),
        last="" if cart.lines else _last(scene),
        count=words("menu.count", count=cart.count) if cart.lines else "",
        total=total if cart.lines else "",
        clear=Button(
            words("menu.clear_sure" if screen.clearing else "menu.clear"),
            t.Clear(),
            "danger" if screen.clearing else "outline",
            enabled=bool(cart.lines),
        ),
        pay=_pay_button(scene, total),
        sheet=_item_sheet(scene, screen.sheet) if screen.sheet else None,
    )


def keypad(scene: Scene, digits: str) -> KeypadView:
    """Make the keypad."""
    words = scene.staff
    keys = [Button(key, t.Digit(key)) for key in _KEYS]
    return KeypadView(
        status=status.bar(scene),
        title=words("keypad.title"),
        amount=show(Money(int(digits or "0"), scene.shop.currency)),
        keys=(*keys, Button("⌫", t.Erase(), enabled=bool(digits))),
        enter=Button(words("keypad.enter"), t.Enter(), "primary", enabled=bool(digits)),
        close=Button(words("keypad.close"), t.Close(), "outline"),
    )


def _last(scene: Scene) -> str:
    """Tell of the order that was paid last, for whoever asks whether it was."""
    last = scene.last
    if last is None:
        return ""
    return scene.staff("menu.last", order=last.order_id, amount=show(last.total), time=scene.clock(last.at_s))


def _pay_button(scene: Scene, total: str) -> Button:
    if scene.till.cart.total.minor <= 0:
        return Button(scene.staff("menu.pay_nothing"), t.Pay(), "primary", enabled=False)
    return Button(scene.staff("menu.pay", amount=total), t.Pay(), "primary")


def _pills(scene: Scene) -> tuple[Pill, ...]:
    chosen = scene.till.category
    everything = Pill(scene.staff("menu.all"), "", chosen is None, t.PickCategory(None))
    return (
        everything,
        *(
            Pill(name_in(entry.names, scene.shop.language), entry.color, chosen == entry.id, t.PickCategory(entry.id))
            for entry in scene.shop.menu.categories
        ),
    )


def _tiles(scene: Scene) -> tuple[Tile, ...]:
    colors = {entry.id: entry.color for entry in scene.shop.menu.categories}
    items = scene.shop.menu.in_category(scene.till.category)
    custom = Tile(
        name=scene.staff("menu.custom"),
        price=scene.staff("menu.custom_price"),
        color="grey",
        badge="",
        flag="",
        picture="",
        tap=t.OpenKeypad(),
        hold=None,
    )
    return (*(_tile(scene, item, colors[item.category]) for item in items), custom)


def _tile(scene: Scene, item: Item, color: str) -> Tile:
    count = scene.till.cart.quantity_of(item.id)
    return Tile(
        name=name_in(item.names, scene.shop.language),
        price=show(item.price),
        color=color,
        badge=str(count) if count else "",
        flag=scene.staff("menu.sold_out") if item.id in scene.till.sold_out else "",
        picture=item.picture or "",
        tap=t.TapItem(item.id),
        hold=t.HoldItem(item.id),
    )


def _line(scene: Scene, line: Line) -> LineView:
    return LineView(
        key=line.key,
        name=name_in(line.names, scene.shop.language),
        amount=show(line.amount),
        quantity=str(line.quantity),
        minus=t.ChangeLine(line.key, -1),
        plus=t.ChangeLine(line.key, +1),
        remove=t.RemoveLine(line.key),
    )


def _item_sheet(scene: Scene, item_id: str) -> Sheet:
    words = scene.staff
    item = scene.shop.menu.item(item_id)
    gone = item_id in scene.till.sold_out
    in_order = scene.till.cart.quantity_of(item_id) > 0
    return Sheet(
        title=name_in(item.names, scene.shop.language),
        text=show(item.price),
        buttons=(
            Button(words("menu.mark_available" if gone else "menu.mark_sold_out"), t.SetSoldOut(item_id, not gone)),
            Button(words("menu.remove_one"), t.ChangeLine(item_id, -1), enabled=in_order),
            Button(words("menu.close"), t.Close(), "outline"),
        ),
        close=t.Close(),
    )
