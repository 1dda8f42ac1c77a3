"""The pages of WordPress's own list of comments, and when they are all there are."""

from __future__ import annotations

import json

import pytest

from tui_reader.sources.source import About, Body, Found
from tui_reader.sources.wordpress_rest import A_PAGE, MOST_PAGES, WordPressRest

LIST = "https://blog.example/wp-json/wp/v2/comments?post=7&per_page=100&order=asc&page="


@pytest.mark.parametrize(
    ("page", "comments", "next_page", "complete"),
    [
        (1, A_PAGE - 1, None, True),
        (1, A_PAGE, 2, True),
        (2, 0, None, True),
        (MOST_PAGES - 1, A_PAGE, MOST_PAGES, True),
        (MOST_PAGES, A_PAGE - 1, None, True),
        (MOST_PAGES, A_PAGE, None, False),
    ],
)
def test_a_full_page_leads_on_and_a_last_one_that_is_full_is_not_the_end(
    page: int, comments: int, next_page: int | None, complete: bool
) -> None:
    listed = json.dumps([{"id": id} for id in range(1, comments + 1)]).encode()
    found = WordPressRest().read(Body(listed, f"{LIST}{page}"), About())
    assert isinstance(found, Found)
    assert len(found.comments) == comments
    assert found.follow == (() if next_page is None else (f"{LIST}{next_page}",))
    assert found.complete is complete
