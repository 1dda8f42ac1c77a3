"""Which line is the label of which picture."""

from __future__ import annotations

import pytest

from tui_reader.document.html import blocks
from tui_reader.document.layout import lines

BASE = "https://x.example/"


def labels(html: str, columns: int = 60) -> list[tuple[str, str]]:
    return [(line.text, line.picture) for line in lines(blocks(html, base=BASE), columns) if line.picture]


@pytest.mark.parametrize(
    ("html", "label"),
    [
        ("<p><img src=a.png alt=Cat></p>", "▣ Image Cat[1]"),
        ("<p>before</p><img src=a.png><p>after</p>", "▣ Image[1]"),
        ("<figure><img src=a.png alt=Cat><figcaption>the cat</figcaption></figure>", "▣ Image Cat[1]"),
        ("<ul><li><img src=a.png></ul>", "• ▣ Image[1]"),
    ],
)
def test_a_picture_by_itself_has_a_label(html: str, label: str) -> None:
    assert labels(html) == [(label, f"{BASE}a.png")]


def test_a_picture_in_a_link_is_the_picture_and_not_where_the_link_leads() -> None:
    assert labels("<a href=/large.jpg><img src=small.jpg></a>") == [("▣ Image[1]", f"{BASE}small.jpg")]
    assert labels("<a href=/page><figure><img src=s.jpg></figure></a>") == [("▣ Image[1]", f"{BASE}s.jpg")]


def test_a_label_of_several_lines_stands_for_one_picture() -> None:
    found = labels(f"<img src=a.png alt='{'word ' * 20}'>", columns=30)
    assert len(found) == 1
    assert found[0][0].startswith("▣ Image word")


@pytest.mark.parametrize(
    "html",
    [
        "<p>see <img src=a.png alt=Cat> here</p>",
        "<p><img src=a.png><img src=b.png></p>",
        "<video src=a.mp4></video>",
        "<img alt='no address'>",
        "<p>text</p>",
    ],
)
def test_whatever_else_has_none(html: str) -> None:
    assert labels(html) == []


def test_the_pictures_of_a_document_are_listed_once_each() -> None:
    document = blocks("<img src=b.png><p>x</p><img src=a.png><p>y</p><img src=b.png>", base=BASE)
    assert document.pictures == (f"{BASE}b.png", f"{BASE}a.png")
