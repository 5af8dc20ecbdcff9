"""The line at the top of the staff's screens: whose till it is, what is reachable, who must look.

Rule: a dot never speaks by its colour alone, and what is not known is grey.
"""

from pos.core import touches as t
from pos.core.payment_states import owed_to_staff
from pos.core.problem import Problem
from pos.ui.view import Banner, Button, Light, StatusBar
from pos.ui.views.scene import Scene


def bar(scene: Scene) -> StatusBar:
    """Make the status bar."""
    owed = sum(owed_to_staff(state) for state in scene.payments.values())
    notices = Button(scene.staff("status.notices", count=owed), t.OpenNotices(), "danger") if owed else None
    return StatusBar(
        shop=scene.name,
        demo=scene.staff("status.demo") if scene.demo else "",
        lights=(_btcpay(scene), _lightning(scene)),
        clock=scene.clock(scene.now_s),
        notices=notices,
    )


def banner(scene: Scene) -> Banner | None:
    """Say that the server is away, and since when, while the menu goes on."""
    link = scene.link
    if link.problem is None:
        return None
    words = scene.staff
    problem = words(f"problem.{link.problem}")
    text = words("status.away", problem=problem, age=_age(scene))
    return Banner(text, Button(words("status.try_now"), t.TryNow()))


def _btcpay(scene: Scene) -> Light:
    link, words = scene.link, scene.staff
    if not link.known:
        return Light("grey", words("status.btcpay_unknown"))
    if link.problem in (Problem.KEY_UNKNOWN, Problem.FORBIDDEN):
        return Light("red", words("status.btcpay_denied"))
    if link.problem is not None:
        return Light("red", words("status.btcpay_down"))
    if not link.synchronized:
        return Light("amber", words("status.btcpay_syncing"))
    return Light("green", words("status.btcpay"))


def _lightning(scene: Scene) -> Light:
    words = scene.staff
    if scene.link.lightning is None or scene.link.problem is not None:
        return Light("grey", words("status.lightning_unknown"))
    if not scene.link.lightning:
        return Light("red", words("status.lightning_down"))
    return Light("green", words("status.lightning"))


def _age(scene: Scene) -> str:
    if scene.link.last_answer_s is None:
        return scene.staff("status.never")
    age_s = max(0, scene.now_s - scene.link.last_answer_s)
    if age_s < 100:
        return scene.staff("status.seconds_ago", count=age_s)
    return scene.staff("status.minutes_ago", count=age_s // 60)
