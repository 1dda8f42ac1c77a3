"""The themes: one accent, one colour for news, dim for what waits."""

from __future__ import annotations

from textual.theme import Theme

DUSK = Theme(
    name="dusk",
    primary="#7aa2f7",
    secondary="#9ece6a",
    accent="#7aa2f7",
    warning="#e0af68",
    error="#f7768e",
    success="#9ece6a",
    foreground="#d5dae8",
    background="#14161f",
    surface="#1a1d29",
    panel="#242838",
    dark=True,
    variables={
        "news": "#f2b866",
        "muted": "#8b93ab",
        "frame": "#343a4f",
        "cursor": "#2b3452",
        "cursor-blurred": "#20263a",
        "code-background": "#1d212f",
        "quote": "#a9b4cf",
        "link": "#7dcfff",
        "depth-1": "#7aa2f7",
        "depth-2": "#9ece6a",
        "depth-3": "#bb9af7",
        "depth-4": "#e0af68",
        "depth-5": "#73daca",
        "text-muted": "#8b93ab",
        "text-error": "#f7768e",
    },
)

DAWN = Theme(
    name="dawn",
    primary="#2456c4",
    secondary="#3d6b1f",
    accent="#2456c4",
    warning="#8a5200",
    error="#b3243f",
    success="#3d6b1f",
    foreground="#24283b",
    background="#f7f5f0",
    surface="#efece4",
    panel="#e4e0d5",
    dark=False,
    variables={
        "news": "#8f4e00",
        "muted": "#656a80",
        "frame": "#c9c4b6",
        "cursor": "#d4def5",
        "cursor-blurred": "#e8e6e0",
        "code-background": "#ece8de",
        "quote": "#4a5069",
        "link": "#0a5a8a",
        "depth-1": "#2456c4",
        "depth-2": "#3d6b1f",
        "depth-3": "#7440b0",
        "depth-4": "#8f4e00",
        "depth-5": "#0b6b62",
        "text-muted": "#656a80",
        "text-error": "#b3243f",
    },
)

ANSI = Theme(
    name="ansi",
    primary="ansi_bright_blue",
    secondary="ansi_green",
    accent="ansi_bright_blue",
    warning="ansi_yellow",
    error="ansi_red",
    success="ansi_green",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    dark=True,
    ansi=True,
    variables={
        "news": "ansi_yellow",
        "muted": "ansi_bright_black",
        "frame": "ansi_bright_black",
        "cursor": "ansi_blue",
        "cursor-blurred": "ansi_black",
        "code-background": "ansi_default",
        "quote": "ansi_cyan",
        "link": "ansi_cyan",
        "depth-1": "ansi_bright_blue",
        "depth-2": "ansi_green",
        "depth-3": "ansi_magenta",
        "depth-4": "ansi_yellow",
        "depth-5": "ansi_cyan",
        "text-muted": "ansi_bright_black",
        "text-error": "ansi_red",
    },
)

THEMES = (DUSK, DAWN, ANSI)
"""Every theme, the default first."""
DEPTHS = 5
"""How many colours the levels of a thread take turns in."""
