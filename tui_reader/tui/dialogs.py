"""Questions above the status line: a line of text, one of several, yes or no, the number of a link."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from textual.widget import Widget

from tui_reader import text
from tui_reader.document.blocks import Link
from tui_reader.tui.view import Pane
from tui_reader.tui.widgets.menu import ChoiceList
from tui_reader.tui.widgets.prompt import Offers, Prompt

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


class Dialogs:
    """Asks one question at a time; while it stands, the keys are its own."""

    def __init__(self, main: Main) -> None:
        self.main = main
        self.waiting: asyncio.Task[Any] | None = None
        """The action whose question stands and has no answer yet."""
        self._answer: asyncio.Future[Any] | None = None
        self._asked: Widget | None = None
        self._typing: Callable[[str], object] | None = None
        self._moving: Callable[[int], object] | None = None

    async def ask(
        self,
        label: str,
        value: str = "",
        *,
        fault: str = "",
        placeholder: str = "",
        typing: Callable[[str], object] | None = None,
        offers: Offers | None = None,
        earlier: Sequence[str] = (),
    ) -> str | None:
        """A line of text, None when it is given up. `typing` gets what is written so far, `offers` says what could
        complete it, `earlier` are lines that can be had back."""
        self._typing = typing
        prompt = Prompt(label, value, fault=fault, placeholder=placeholder, offers=offers, earlier=earlier)
        answer: str | None = await self._put(prompt)
        return answer

    @property
    def over(self) -> bool:
        """Whether a question stands that has its answer already."""
        return isinstance(self._asked, Prompt) and self._asked.over

    async def choose(
        self,
        title: str,
        rows: Sequence[tuple[str, str]],
        *,
        at: int = 0,
        moving: Callable[[int], object] | None = None,
    ) -> int | None:
        """The place of one of these (name, explanation) lines, None when it is given up. The cursor begins at `at`;
        `moving` gets the place it comes to."""
        self._moving = moving
        place: int | None = await self._put(ChoiceList(title, rows, at=at))
        return place

    async def confirm(self, question: str) -> bool:
        """Yes or no; leaving it means no."""
        return await self.choose(question, [("Yes", ""), ("No", "nothing changes")]) == 0

    async def ask_link(self, count: int | None, label: str) -> str:
        """The address of a link of the text by its number: the count, or asked for; "" when there is none.

        While the number is typed the link's target is told, so that nothing opens unseen.
        """
        main, links = self.main, self.links()
        if not links:
            main.say("there is no link here")
            return ""
        if count is None and len(links) == 1 and main.view.pane is Pane.DISCUSSION:
            return links[0].url
        if count is None:
            answer = await self.ask(
                label,
                placeholder=f"its number, 1 to {len(links)}",
                typing=lambda so_far: main.say(_target(links, so_far)),
            )
            main.say("")
            if answer is None or not answer.strip():
                return ""
            count = int(answer) if answer.strip().isascii() and answer.strip().isdigit() else 0
        found = next((link for link in links if link.number == count), None)
        if found is None:
            main.say(f"there is no link {count or answer}" if count is not None else "")
        return found.url if found is not None else ""

    def links(self) -> tuple[Link, ...]:
        """The numbered links of the comment under the cursor, or of the article."""
        main = self.main
        return main.discussion.links() if main.view.pane is Pane.DISCUSSION else main.article.links()

    # ------------------------------------------------------------ the widget

    async def _put(self, widget: Widget) -> Any:
        main = self.main
        if self._answer is not None and not self._answer.done():
            self.waiting = None
            self._answer.set_result(None)
        mine = self._answer = asyncio.get_running_loop().create_future()
        main.keys.suspended = True
        main.show(main.view)
        self._asked = widget
        await main.mount(widget, before=main.status)
        main.set_focus(next(one for one in (widget, *widget.query("*")) if one.can_focus), scroll_visible=False)
        await main.ahead.end()
        if self._answer is mine:
            self.waiting = asyncio.current_task()
        try:
            return await mine
        finally:
            self._typing = self._moving = None
            if self._answer is mine:
                self.waiting = self._asked = None
                main.keys.suspended = False
            widget.remove()
            main.show(main.view)

    def typed(self, value: str) -> None:
        """What is written so far."""
        if self._typing is not None:
            self._typing(value)

    def moved(self, place: int) -> None:
        """The line that the cursor has come to."""
        if self._moving is not None:
            self._moving(place)

    def answered(self, value: object) -> None:
        """The answer."""
        if self._answer is not None and not self._answer.done():
            self.main.ahead.begin()
            self.waiting = None
            self._answer.set_result(value)


def _target(links: Sequence[Link], so_far: str) -> str:
    found = next((link for link in links if str(link.number) == so_far.strip()), None)
    return f"{found.number} → {text.cut(found.url, 120)}" if found is not None else ""
