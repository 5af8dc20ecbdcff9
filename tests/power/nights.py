"""Plays stories, a few at once, each in a folder, at a server and with a journal of its own, and counts the cuts.

Rule: a story is first played without a planned cut, to learn its points, then once for each of them.
"""

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from queue import SimpleQueue

from bench.drill.hands import leaving
from bench.drill.tills import Cradle

from .stories import Story
from .world import Doom, World

AT_ONCE = 2
_TRIES = 3


class Nights:
    """All evenings of a test run; needs one cradle for each that is played at once."""

    def __init__(self, folder: Path, cradles: list[Cradle]) -> None:
        self.planned_cuts = 0
        self.left_to_chance = 0
        self.all_cuts = 0
        self.stories: set[str] = set()
        self._folder = folder
        self._cradles: SimpleQueue[Cradle] = SimpleQueue()
        for cradle in cradles:
            self._cradles.put(cradle)
        self._numbers = count(1)

    def play_all(self, story: Story) -> list[Doom]:
        """Play a story for each of its points; give the rows at which the power could not be made to fail.

        Polls come by the clock, so one of the last may not come again. A row that does not come again is tried anew,
        unless it was one of chance's: on a busy machine the till may look at an invoice between any two things.
        """
        points = self._play(story).points
        self.stories.add(story.name)
        for _ in range(_TRIES):
            with ThreadPoolExecutor(AT_ONCE) as stages:
                worlds = list(stages.map(lambda doom: self._play(story, doom), points))
            self.planned_cuts += sum(world.doom is None for world in worlds)
            self.all_cuts += sum(world.cuts for world in worlds)
            missed = [world.doom for world in worlds if world.doom is not None and "call" not in world.doom.point]
            if not missed:
                return []
            again = self._play(story).points
            points = [doom for doom in missed if doom in again]
            self.left_to_chance += len(missed) - len(points)
        return points

    def _play(self, story: Story, doom: Doom | None = None) -> World:
        cradle = self._cradles.get()
        try:
            with World(self._folder / f"night-{next(self._numbers)}", cradle, doom, hasty=story.hasty) as world:
                self._perform(story, world)
                return world
        finally:
            self._cradles.put(cradle)

    def _perform(self, story: Story, world: World) -> None:
        doom = world.doom
        try:
            world.start()
            story.play(world)
            world.close_the_night(leaving)
        except AssertionError as exc:
            exc.add_note(f"{story.name}, power cut at {doom}; after {world.points[-5:]}\n{world.till.log}")
            raise
