"""What happens at the counter of an evening, told so that the power may fail at any word of it.

Rule: each line is something that people want to come true, not a tap at a certain moment. When the till comes back from
the dead the bartender looks at the screen and goes on from there, as people do.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bench.drill.hands import asking_anew, leaving, menu, open_notices, other_than, paid, paying, qr, selling
from pos.demo.misfortune import Misfortune

from .world import World


def _hand_over(world: World) -> None:
    world.see(paid)
    world.see(lambda sight: not paid(sight), by=leaving)


def _read_notice(world: World) -> None:
    world.see(lambda sight: bool(sight.notices), by=open_notices)
    world.see(menu, by=leaving)


def plain_sale(world: World) -> None:
    world.pay(world.see(qr, by=selling).qr)
    _hand_over(world)


def paid_while_the_till_is_dead(world: World) -> None:
    shown = world.see(qr, by=selling).qr
    world.cut()
    world.pay(shown)
    world.start()
    _hand_over(world)


def cancelled_and_paid_all_the_same(world: World) -> None:
    shown = world.see(qr, by=selling).qr
    world.see(menu, by=leaving)
    world.pay(shown)
    _read_notice(world)


def cancelled_and_paid_while_the_till_is_dead(world: World) -> None:
    shown = world.see(qr, by=selling).qr
    world.see(menu, by=leaving)
    world.cut()
    world.pay(shown)
    world.start()
    _read_notice(world)


def expired_and_asked_anew(world: World) -> None:
    first = world.see(qr, by=selling).qr
    world.expire(first)
    world.pay(world.see(other_than(first), by=asking_anew).qr)
    _hand_over(world)


def expired_while_the_till_is_dead(world: World) -> None:
    first = world.see(qr, by=selling).qr
    world.cut()
    world.expire(first)
    world.start()
    world.pay(world.see(other_than(first), by=asking_anew).qr)
    _hand_over(world)


def old_qr_paid_after_the_new_one_was_shown(world: World) -> None:
    first = world.see(qr, by=selling).qr
    world.expire(first)
    world.see(other_than(first), by=asking_anew)
    world.pay(first, late=True)
    _read_notice(world)


def old_qr_paid_after_the_sale(world: World) -> None:
    first = world.see(qr, by=selling).qr
    world.expire(first)
    world.pay(world.see(other_than(first), by=asking_anew).qr)
    _hand_over(world)
    world.pay(first, late=True)
    _read_notice(world)


def both_qrs_paid_at_once(world: World) -> None:
    first = world.see(qr, by=selling).qr
    world.expire(first)
    world.pay(world.see(other_than(first), by=asking_anew).qr)
    world.pay(first, late=True)
    # Which of the two the till hears of first decides whether this is a sale and a notice, or two notices.
    world.see(lambda sight: not paying(sight), by=leaving)


def paid_in_two_parts(world: World) -> None:
    first = world.see(qr, by=selling).qr
    world.pay(first, percent=50)
    world.pay(world.see(other_than(first)).qr)
    _hand_over(world)


def half_paid_then_cancelled(world: World) -> None:
    first = world.see(qr, by=selling).qr
    world.pay(first, percent=50)
    world.see(other_than(first))
    world.see(lambda sight: not paying(sight), by=leaving)
    _read_notice(world)


def half_paid_then_expired(world: World) -> None:
    first = world.see(qr, by=selling).qr
    world.pay(first, percent=50)
    second = world.see(other_than(first)).qr
    world.expire(first)
    rest = world.see(lambda sight: sight.qr not in ("", first, second), by=asking_anew).qr
    world.pay(rest)
    _hand_over(world)


def answer_to_the_creation_is_lost(world: World) -> None:
    world.server.suffer(Misfortune(kind="drop", on="create", after=True))
    plain_sale(world)


def creation_was_never_heard(world: World) -> None:
    world.server.suffer(Misfortune(kind="drop", on="create"))
    plain_sale(world)


def bolt11_cannot_be_fetched_at_first(world: World) -> None:
    world.server.suffer(Misfortune(kind="429", on="prompts"))
    plain_sale(world)


def server_makes_two_invoices_of_one_request(world: World) -> None:
    world.witness.forgiven.add(1)
    world.server.suffer(Misfortune(kind="duplicate", on="create"))
    shown = world.see(qr, by=selling).qr
    world.see(lambda sight: len(sight.open or ()) > 1)
    world.pay(shown)
    _hand_over(world)


def cancelled_while_the_invoice_is_made(world: World) -> None:
    world.witness.forgiven.add(1)  # the request that stands at the gate when the power fails is heard after all
    gate = world.server.hold("create")
    world.see(paying, by=selling)
    world.wait_for(gate)
    world.see(menu, by=leaving)
    gate.release()
    world.see(lambda sight: not sight.open or "Lapsed" in sight.open.values())


def creation_answered_by_a_till_that_died(world: World) -> None:
    gate = world.server.hold("create", after=True)
    world.see(paying, by=selling)
    world.wait_for(gate)
    world.cut()
    gate.release()
    world.start()
    plain_sale(world)


def creation_carried_out_after_the_power_is_back(world: World) -> None:
    world.witness.forgiven.add(1)
    gate = world.server.hold("create")
    world.see(paying, by=selling)
    world.wait_for(gate)
    world.cut()
    world.start()
    shown = world.see(qr, by=selling).qr
    gate.release()
    world.see(lambda sight: len(sight.open or ()) > 1)
    world.pay(shown)
    _hand_over(world)


def bolt11_asks_for_twice_the_sum(world: World) -> None:
    world.server.suffer(Misfortune(kind="lie-amount", on="create"))
    world.see(lambda sight: sight.kind == "TroubleView", by=selling)
    world.pay(world.see(qr, by=asking_anew).qr)
    _hand_over(world)


def first_customer_pays_when_the_second_is_served(world: World) -> None:
    first = world.see(qr, by=selling).qr
    world.see(menu, by=leaving)
    second = world.see(other_than(first), by=selling).qr
    world.pay(first)
    world.pay(second)
    _hand_over(world)
    _read_notice(world)


@dataclass(frozen=True, slots=True)
class Story:
    """An evening; `hasty` customers pay in the very moment in which the power fails.

    `racing` when chance decides which of two things the till hears of first, so that a row may not come again.
    """

    play: Callable[[World], None]
    hasty: bool = False
    racing: bool = False

    @property
    def name(self) -> str:
        """What happens."""
        return self.play.__name__ + ("_by_hasty_customers" if self.hasty else "")


STORIES = (
    Story(plain_sale),
    Story(plain_sale, hasty=True),
    Story(paid_while_the_till_is_dead),
    Story(cancelled_and_paid_all_the_same),
    Story(cancelled_and_paid_while_the_till_is_dead),
    Story(expired_and_asked_anew),
    Story(expired_while_the_till_is_dead),
    Story(old_qr_paid_after_the_new_one_was_shown),
    Story(old_qr_paid_after_the_sale),
    Story(both_qrs_paid_at_once, racing=True),
    Story(paid_in_two_parts),
    Story(half_paid_then_cancelled),
    Story(half_paid_then_expired),
    Story(answer_to_the_creation_is_lost),
    Story(creation_was_never_heard),
    Story(bolt11_cannot_be_fetched_at_first),
    Story(server_makes_two_invoices_of_one_request),
    Story(cancelled_while_the_invoice_is_made),
    Story(creation_answered_by_a_till_that_died),
    Story(creation_carried_out_after_the_power_is_back),
    Story(bolt11_asks_for_twice_the_sum),
    Story(first_customer_pays_when_the_second_is_served),
)
