"""The first start as a whole, without a screen: touches in, pages out, a real server asked by real workers."""

import os
import select
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from pos import config as configs
from pos.config import BTCPayServer
from pos.config import DemoServer as Practice
from pos.core import touches as t
from pos.demo.access import CREATE, LEAST, VIEW
from pos.demo.server import DemoServer
from pos.first_start.desk import Outside
from pos.first_start.first_file import Place
from pos.first_start.parts import Parts, build
from pos.ui.view_first import ChoiceView, FirstView, LinkView, StepsView, TypingView
from pos.words import Words

from .conftest import KEY

if TYPE_CHECKING:
    from pos.qr import Modules


class Eyes:
    """Somebody who looks at the screen."""

    def __init__(self) -> None:
        self.seen: list[FirstView] = []
        self.drawn: list[str] = []

    def show(self, view: FirstView) -> None:
        self.seen.append(view)

    def qr_ready(self, text: str, side_px: int, modules: "Modules") -> None:
        self.drawn.append(text)


class Owner:
    """The owner before the screen."""

    def __init__(self, parts: Parts, hidden: list[str], done: list[bool]) -> None:
        self.parts = parts
        self.hidden = hidden
        self.done = done
        self.eyes = Eyes()
        parts.desk.begin(self.eyes)
        parts.crew.start()

    @property
    def view(self) -> FirstView:
        return self.eyes.seen[-1]

    def does(self, *touches: t.Touch) -> None:
        for touched in touches:
            self.parts.desk.touch(touched)

    def types(self, text: str) -> None:
        self.does(*map(t.TypeKey, text), t.Enter())

    def waits(self, until: Callable[[], bool]) -> None:
        limit_s = time.monotonic() + 20
        while not until():
            assert time.monotonic() < limit_s, self.view
            select.select([self.parts.mailbox.fileno()], [], [], 0.05)
            self.parts.desk.read(self.parts.mailbox.collect())


@pytest.fixture
def owner(place: Place, words: Mapping[str, Words]) -> Iterator[Owner]:
    hidden: list[str] = []
    done: list[bool] = []
    with ExitStack() as cleanup:
        outside = Outside(hidden.append, lambda: done.append(True), lambda: int(time.time()))
        yield Owner(build(place, words, outside, cleanup), hidden, done)


def found(view: FirstView) -> bool:
    return isinstance(view, StepsView) and not view.busy


def test_an_owner_connects_a_till_in_one_go(
    owner: Owner, place: Place, words: Mapping[str, Words], serve: Callable[..., DemoServer]
) -> None:
    server = serve(permissions=LEAST)
    owner.does(t.Choose("en"), t.Choose("connect"))
    owner.types(server.url)
    assert isinstance(owner.view, LinkView)
    owner.parts.draw_qr(owner.view.address, 400)
    owner.waits(lambda: bool(owner.eyes.drawn))
    owner.does(t.Enter())
    owner.types(f'{{"apiKey":"{KEY}","host":"{server.url}/"}}')
    owner.waits(lambda: found(owner.view))
    assert not place.path.exists()
    owner.does(t.Enter())
    assert owner.done == [True]
    config = configs.load(place.path, words)
    assert isinstance(config.server, BTCPayServer)
    assert (config.server.route.url, config.server.store_id) == (server.url, server.store_id)
    assert configs.read_key(config.server.key, os.environ, words["en"]).reveal() == KEY
    assert owner.hidden == [KEY]
    assert not [view for view in owner.eyes.seen if KEY[:10] in repr(view)]


def test_an_owner_of_several_shops_chooses_one(
    owner: Owner, place: Place, words: Mapping[str, Words], serve: Callable[..., DemoServer]
) -> None:
    server = serve(permissions={*LEAST, f"{CREATE}:Other", f"{VIEW}:Other"})
    owner.does(t.Choose("ja"), t.Choose("connect"))
    owner.types(server.url)
    owner.does(t.Enter())
    owner.types(KEY)
    owner.waits(lambda: isinstance(owner.view, ChoiceView))
    owner.does(t.Choose(server.store_id))
    owner.waits(lambda: found(owner.view))
    owner.does(t.Enter())
    config = configs.load(place.path, words)
    assert isinstance(config.server, BTCPayServer)
    assert config.server.store_id == server.store_id


def test_going_back_while_the_server_is_asked_leaves_nothing_behind(
    owner: Owner, place: Place, serve: Callable[..., DemoServer]
) -> None:
    server = serve(permissions=LEAST)
    gate = server.hold("any")
    owner.does(t.Choose("en"), t.Choose("connect"))
    owner.types(server.url)
    owner.does(t.Enter())
    owner.types(KEY)
    gate.wait(20)
    owner.does(t.Back())
    gate.release()
    assert isinstance(owner.view, TypingView)
    owner.waits(lambda: len(server.log) > 3)
    assert isinstance(owner.view, TypingView)
    assert not place.path.exists()
    assert owner.done == []


def test_practising_takes_two_taps(owner: Owner, place: Place, words: Mapping[str, Words]) -> None:
    owner.does(t.Choose("ja"), t.Choose("practise"))
    assert owner.done == [True]
    assert configs.load(place.path, words).server == Practice()
