"""What an object works out when it is first asked, and keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class Keeping:
    """What objects with slots that keep what they work out inherit from: of their fields, which
    are in slots, each is read in a quarter of the time that it takes beside what is kept."""

    __slots__ = ("__dict__",)


class cached_property(Generic[T]):  # noqa: N801
    """`functools.cached_property` for objects of one thread.

    Before Python 3.12 that one takes a lock, which costs more than most of what rows and lines
    work out, a hundred times a receipt.
    """

    def __init__(self, work_out: Callable[[Any], T]) -> None:
        self._work_out = work_out
        self.__doc__ = work_out.__doc__

    def __set_name__(self, _: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> cached_property[T]: ...

    @overload
    def __get__(self, instance: object, owner: type) -> T: ...

    def __get__(self, instance: object | None, owner: type) -> cached_property[T] | T:
        if instance is None:
            return self
        value = instance.__dict__[self._name] = self._work_out(instance)
        return value
