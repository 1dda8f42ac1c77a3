"""Classes whose methods are written at their first use are dataclasses in everything else."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from dataclasses import field
from typing import Any

import msgspec
import pytest

from tui_reader.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Inner:
    """A part."""

    name: str


@dataclass(frozen=True, slots=True)
class Whole:
    """Every kind of field."""

    id: int
    inner: Inner = Inner("usual")
    names: tuple[str, ...] = field(default=(), repr=False)
    table: dict[str, int] = field(default_factory=dict, compare=False)

    @property
    def twice(self) -> int:
        return self.id * 2


@dataclass(frozen=True, slots=True)
class Named:
    """With a method of its own among those that would be written."""

    name: str

    def __str__(self) -> str:
        return self.name

    def __hash__(self) -> int:
        return 7


@dataclass(frozen=True, slots=True)
class More(Whole):
    """With the fields of another, in front of its own."""

    more: str = "more"


def unused() -> type[Any]:
    """A class that nothing was done with yet."""

    @dataclass(frozen=True, slots=True)
    class Unused:
        """Two fields."""

        one: int
        two: str = "two"

    return Unused


def test_it_is_made_compared_written_and_changed_like_any_dataclass() -> None:
    one = Whole(1, names=("a",))
    assert one == Whole(1, names=("a",), table={"not": 1}) != Whole(2, names=("a",))
    assert one != Inner("a")
    assert hash(one) == hash(Whole(1, names=("a",)))
    assert repr(one) == "Whole(id=1, inner=Inner(name='usual'), table={})"
    assert one.table is not Whole(1).table
    assert dataclasses.replace(one, id=2).twice == 4
    assert dataclasses.asdict(one) == {"id": 1, "inner": {"name": "usual"}, "names": ("a",), "table": {}}
    assert [each.name for each in dataclasses.fields(Whole)] == ["id", "inner", "names", "table"]
    match one:
        case Whole(number, Inner(name)):
            assert (number, name) == (1, "usual")
    assert More(1, Inner("x"), ("a",), {}, "b") == More(1, Inner("x"), ("a",), more="b") != Whole(1, Inner("x"), ("a",))
    assert repr(More(1)) == "More(id=1, inner=Inner(name='usual'), table={}, more='more')"
    assert (str(Named("x")), hash(Named("x")), Named("x") == Named("x")) == ("x", 7, True)


def test_nothing_of_it_can_be_set_and_it_has_no_place_for_more() -> None:
    one = Whole(1)
    for name in ("id", "other"):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(one, name, 2)
        with pytest.raises(dataclasses.FrozenInstanceError):
            delattr(one, name)
    assert not hasattr(one, "__dict__")
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'id'"):
        Whole()  # type: ignore[call-arg]


def test_it_travels() -> None:
    one = Whole(1, Inner("x"), ("a",), {"b": 2})
    assert pickle.loads(pickle.dumps(More(1))) == More(1)
    assert pickle.loads(pickle.dumps(one)) == copy.copy(one) == copy.deepcopy(one) == one
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(one), type=Whole) == one


def test_an_instance_that_is_the_first_and_came_without_being_made_has_its_methods() -> None:
    """What decodes bytes into a class makes the instance past its constructor."""
    first, second = (msgspec.convert({"one": 1}, unused()) for _ in range(2))
    assert first == type(first)(1) != second
    assert repr(second).endswith("Unused(one=1, two='two')")
    assert hash(msgspec.convert({"one": 1}, unused())) == hash((1, "two"))


def test_methods_are_written_once_and_only_when_one_is_used() -> None:
    made = unused()
    before = made.__init__
    made(1)
    written = made.__init__
    assert written is not before
    made(2)
    assert made.__init__ is written
    assert "two" in written.__code__.co_varnames
