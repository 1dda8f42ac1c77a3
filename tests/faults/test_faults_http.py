"""H: what servers and networks do, at the whole reader. The wire alone is tried in tests/net."""

from __future__ import annotations

import pytest

from tests.faults.world import World, rss
from tests.site import Answer


@pytest.mark.row("H10")
async def test_a_server_in_trouble(world: World) -> None:
    await world.subscribe("/feed", rss("a", "b"), etag='"1"')
    await world.mark("a")
    result = await world.fault("/feed", Answer(503))
    assert result.message == "the server is not available just now (503)"
