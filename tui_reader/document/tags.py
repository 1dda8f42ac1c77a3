"""What the elements of HTML mean here: what is dropped, what stands on lines of its own, what a run looks like."""

from __future__ import annotations

from collections.abc import Mapping

from tui_reader.document.blocks import Style

DROPPED = frozenset(
    {
        "-comment", "head", "script", "style", "template", "button", "select", "textarea", "datalist", "svg", "canvas",
        "map", "area", "link", "meta", "title", "applet", "param", "annotation", "annotation-xml", "noframes",
        "noembed",
    }
)  # fmt: skip
"""Elements nobody sees: not shown, and nothing in them."""

BLOCKS = frozenset(
    {
        "p", "div", "section", "article", "aside", "header", "footer", "main", "nav", "address", "center",
        "fieldset", "figure", "hgroup", "details", "summary", "body", "dl", "dt", "dd", "tbody", "thead", "tfoot",
        "tr", "td", "th", "caption", "table", "figcaption", "legend", "search", "form", "dialog",
    }
)  # fmt: skip
"""Elements that begin and end a paragraph."""

SIDED = BLOCKS | {"blockquote", "ul", "ol", "li"}
"""Elements whose direction of writing counts."""

STYLES: Mapping[str, Style] = {
    **dict.fromkeys(("b", "strong", "summary", "dt"), Style.STRONG),
    **dict.fromkeys(("em", "i", "cite", "dfn", "var"), Style.EM),
    **dict.fromkeys(("code", "tt", "samp"), Style.CODE),
    **dict.fromkeys(("ins", "u"), Style.INSERTED),
    **dict.fromkeys(("del", "s", "strike"), Style.DELETED),
    **dict.fromkeys(("small", "figcaption", "caption"), Style.DIM),
    "kbd": Style.KBD,
    "mark": Style.MARK,
}

STYLED = frozenset({"span", "font", "b", "strong", "em", "i"})
"""Elements whose style counts."""

FRAMES = {"iframe": "frame", "embed": "frame", "object": "frame", "video": "video", "audio": "audio"}
"""Elements that embed something, with the kind of link they become."""

LABELS = {"frame": "▶ Embedded", "video": "▶ Video", "audio": "♪ Audio", "image": "▣ Image"}
"""How each kind of embedded thing is named."""
