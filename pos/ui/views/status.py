"""The line at the top of the staff's screens: whose till it is, what is reachable, who must look.

Rule: a dot never speaks by its colour alone, and what is not known is grey.
"""

from pos.core import touches as t
from pos.core.link import OF_THE_KEY
from pos.core.payment_states import owed_to_staff
from pos.ui.view import Banner, Button, Light, StatusBar
from pos.ui.views.scene import Scene


def bar(scene: Scene, *, live: bool = True) -> StatusBar:
    """Make the status bar; one that is not live shows the same and leads nowhere."""
    owed = sum(map(owed_to_staff, scene.payments.values())) + len(scene.till.salvages)
    words = scene.staff("status.notices", count=owed)
    return StatusBar(
        shop=scene.name,
        demo=scene.staff("status.demo") if scene.demo else "",
        lights=(*_till(scene), btcpay(scene), lightning(scene)),
        clock=scene.clock(scene.now_s),
        notices=Button(words, t.OpenNotices(), "danger", enabled=live) if owed else None,
        open=t.OpenStatus() if live else None,
    )


def banner(scene: Scene) -> Banner | None:
    """Say that the server is away, and since when, while the menu goes on."""
    link = scene.link
    if link.problem is None:
        return None
    words = scene.staff
    problem = words(f"problem.{link.problem}")
    text = words("status.away", problem=problem, age=age(scene))
    return Banner(text, Button(words("status.try_now"), t.TryNow()))


def btcpay(scene: Scene) -> Light:
    """Tell how the server is."""
    link, words = scene.link, scene.staff
    if not link.known:
        return Light("grey", words("status.btcpay_unknown"))
    if link.problem in OF_THE_KEY:
        return Light("red", words("status.btcpay_denied"))
    if link.problem is not None:
        return Light("red", words("status.btcpay_down"))
    if not link.synchronized:
        return Light("amber", words("status.btcpay_syncing"))
    return Light("green", words("status.btcpay"))


def lightning(scene: Scene) -> Light:
    """Tell how the server's node is, as far as invoices have shown it."""
    words = scene.staff
    if scene.link.lightning is None or scene.link.problem is not None:
        return Light("grey", words("status.lightning_unknown"))
    if not scene.link.lightning:
        return Light("red", words("status.lightning_down"))
    return Light("green", words("status.lightning"))


def age(scene: Scene) -> str:
    """Say how long ago the server answered."""
    if scene.link.last_answer_s is None:
        return scene.staff("status.never")
    return ago(scene, scene.link.last_answer_s)


def ago(scene: Scene, at_s: int) -> str:
    """Say how long ago something was, in unix seconds by the till's clock."""
    age_s = max(0, scene.now_s - at_s)
    if age_s < 100:
        return scene.staff("status.seconds_ago", count=age_s)
    if age_s < 100 * 60:
        return scene.staff("status.minutes_ago", count=age_s // 60)
    if age_s < 48 * 3600:
        return scene.staff("status.hours_ago", count=age_s // 3600)
    return scene.staff("status.days_ago", count=age_s // (24 * 3600))


def _till(scene: Scene) -> tuple[Light, ...]:
    """Warn of the till's own disk; where it is well there is no dot for it."""
    if (trouble := trouble_with_itself(scene)) is None:
        return ()
    color, key = trouble
    return (Light(color, scene.staff(f"status.{key}")),)


def trouble_with_itself(scene: Scene) -> tuple[str, str] | None:
    """Find what is wrong with the disk, worst first: a colour, and the end of the keys of its words."""
    storage = scene.itself.storage
    if not storage.writable:
        return "red", "not_writable"
    if storage.damaged:
        return "red", "damaged"
    if storage.full:
        return "amber", "disk_full"
    if storage.backup_failed or storage.backup_too_old(scene.now_s):
        return "amber", "no_backup"
    return None
