"""What crosses a seam of the till is a value: nobody who was given one can change it for the others."""

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import is_dataclass
from enum import Enum

import pytest

from pos import core


def classes() -> Iterator[type]:
    """Find every class of the core."""
    for module in pkgutil.iter_modules(core.__path__, f"{core.__name__}."):
        for named in vars(importlib.import_module(module.name)).values():
            if isinstance(named, type) and named.__module__ == module.name:
                yield named


@pytest.mark.parametrize("kind", list(classes()), ids=lambda kind: kind.__qualname__)
def test_the_core_knows_frozen_values_closed_lists_and_errors_only(kind: type) -> None:
    if issubclass(kind, Enum | Exception):
        return
    assert is_dataclass(kind)
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert "__slots__" in vars(kind), "there is room for more than it says it holds"


def test_the_classes_of_the_core_were_found() -> None:
    assert len(list(classes())) > 50
