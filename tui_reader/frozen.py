"""`dataclasses.dataclass(frozen=True, slots=True)`, whose methods are written when they are needed first.

Most of what such a class costs while its module is imported is source that is compiled for it, up to a millisecond
each, and the first screen makes instances of one class in four. Everything of `dataclasses` works on these, and so do
pickle, copy and msgspec; for whoever checks the types it is that decorator itself.
"""

from __future__ import annotations

import dataclasses
from copy import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass as dataclass
else:

    def dataclass(*, frozen: bool, slots: bool) -> Callable[[type], type]:
        """The decorator. Both are always true, and are said where it stands for whoever reads the class."""
        if not (frozen and slots):
            raise TypeError("only for frozen classes with slots")
        return _made


_WRITTEN = ("__init__", "__repr__", "__eq__", "__hash__")
"""The methods that `dataclasses` writes for each class."""


def _made(plain: type) -> type:
    written = [name for name in _WRITTEN if vars(plain).get(name) is None]
    made: type = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True)(plain)
    for name in written:
        setattr(made, name, _at_first_use(made, written, name))
    for name, shared in _SHARED.items():
        setattr(made, name, shared)
    return made


def _at_first_use(made: type, written: list[str], name: str) -> Callable[..., Any]:
    """A method that has all of them written, and is one of these from then on. Any thread may be the first."""

    def method(self: object, *args: object, **kwargs: object) -> object:
        twin = _twin(made)
        for each in written:
            setattr(made, each, vars(twin)[each])
        return getattr(made, name)(self, *args, **kwargs)

    return method


def _twin(made: type) -> type:
    """A dataclass with the same fields, those that are inherited among them."""
    fields = {field.name: copy(field) for field in dataclasses.fields(made)}
    parts: dict[str, Any] = {"__annotations__": {name: field.type for name, field in fields.items()}, **fields}
    if hasattr(made, "__post_init__"):
        parts["__post_init__"] = made.__post_init__
    twin: type = dataclasses.dataclass(frozen=True)(type(made.__name__, (), parts))
    return twin


def _set(self: object, name: str, value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _delete(self: object, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[object]:
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _restore(self: Any, state: list[object]) -> None:
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)


_SHARED = {"__setattr__": _set, "__delattr__": _delete, "__getstate__": _state, "__setstate__": _restore}
