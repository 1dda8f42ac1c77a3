"""The cache of pictures: whole files, a budget in bytes, the oldest in use goes first."""

from __future__ import annotations

from pathlib import Path

from tui_reader.store.pictures import Pictures, beside


def size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())


def test_a_picture_that_was_kept_is_held(tmp_path: Path) -> None:
    pictures = Pictures(tmp_path / "deep" / "pictures", 1000)
    assert pictures.held("https://a.example/1.png", 1) is None
    pictures.keep("https://a.example/1.png", b"one", 1)
    assert pictures.held("https://a.example/1.png", 2) == b"one"
    assert pictures.held("https://a.example/2.png", 2) is None


def test_a_file_says_nothing_of_where_it_is_from(tmp_path: Path) -> None:
    Pictures(tmp_path, 1000).keep("https://secret.example/../../etc/passwd", b"one", 1)
    (file,) = tmp_path.iterdir()
    assert len(file.name) == 64
    assert set(file.name) <= set("0123456789abcdef")


def test_what_was_not_seen_for_longest_goes_first(tmp_path: Path) -> None:
    pictures = Pictures(tmp_path, 100)
    for number in range(4):
        pictures.keep(str(number), b"x" * 25, number)
    assert pictures.held("0", 10) is not None
    pictures.keep("4", b"x" * 40, 11)
    assert [pictures.held(str(number), 12) is not None for number in range(5)] == [True, False, False, True, True]
    assert size(tmp_path) <= 100


def test_a_picture_that_changed_takes_its_own_place(tmp_path: Path) -> None:
    pictures = Pictures(tmp_path, 100)
    pictures.keep("old", b"x" * 50, 1)
    pictures.keep("new", b"x" * 50, 2)
    pictures.keep("new", b"y" * 50, 3)
    assert pictures.held("old", 4) == b"x" * 50
    assert pictures.held("new", 4) == b"y" * 50


def test_what_is_larger_than_the_budget_moves_nothing_out(tmp_path: Path) -> None:
    pictures = Pictures(tmp_path, 100)
    pictures.keep("small", b"x" * 50, 1)
    pictures.keep("large", b"x" * 101, 2)
    assert pictures.held("small", 3) is not None
    assert pictures.held("large", 3) is None


def test_no_budget_holds_nothing(tmp_path: Path) -> None:
    Pictures(tmp_path / "none", 0).keep("a", b"x", 1)
    assert not (tmp_path / "none").exists()


def test_a_folder_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    pictures = Pictures(tmp_path / "file" / "pictures", 100)
    pictures.keep("a", b"x", 1)
    assert pictures.held("a", 2) is None


def test_only_the_user_may_look_into_the_folder(tmp_path: Path) -> None:
    pictures = Pictures(tmp_path / "pictures", 100)
    pictures.keep("a", b"x", 1)
    assert (tmp_path / "pictures").stat().st_mode & 0o077 == 0


def test_each_library_has_a_folder_of_its_own(tmp_path: Path) -> None:
    assert beside(tmp_path / "library.db") == tmp_path / "library.db.pictures"
