"""Frozen dataclasses that are made by the hundred for each document."""

from __future__ import annotations

from dataclasses import field, fields, make_dataclass
from typing import Any, TypeVar

C = TypeVar("C", bound=type[Any])


def quickly_made(cls: C) -> C:
    """A frozen dataclass whose objects cost a third to make: nobody but the type checker, which
    still takes it for frozen, keeps anyone from changing them.

    The `__init__` of a frozen one calls `object.__setattr__` for every field, which took a
    twentieth of the time in which a document is understood.
    """
    known = [
        (
            one.name,
            one.type,
            field(default=one.default, default_factory=one.default_factory, init=one.init),
        )
        for one in fields(cls)
    ]
    finish = {"__post_init__": cls.__post_init__} if hasattr(cls, "__post_init__") else {}
    plain: Any = make_dataclass(cls.__name__, known, namespace=finish)
    cls.__init__ = plain.__init__
    del cls.__setattr__, cls.__delattr__
    return cls
