"""The desk's messages on a terminal. Everything is text, never markup: what a person typed stays what
it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from service.channels import wording

COLOURS = {"may": "green", "first": "yellow", "ask": "cyan", "may not": "red"}
SHORT = 400  # characters of a passage beside an answer; /open shows it whole


def show(console: Console, message: Mapping[str, Any]) -> None:
    """Print one message."""
    shape = {"determination": _determination, "question": _question, "answer": _answer, "notice": _notice}
    console.print(shape.get(str(message.get("type")), _plain)(message))


def show_passage(console: Console, passage: Mapping[str, Any]) -> None:
    """Print a passage whole."""
    words = Padding(Text(str(passage.get("text", ""))), (0, 0, 1, 2))
    console.print(Group(Text(wording.named(passage), style="bold"), words))


def _plain(message: Mapping[str, Any]) -> RenderableType:
    return Padding(Text(str(message.get("text", ""))), (0, 0, 1, 0))


def _notice(message: Mapping[str, Any]) -> RenderableType:
    return Padding(Text(str(message.get("text", "")), style="italic dim"), (0, 0, 1, 0))


def _question(message: Mapping[str, Any]) -> RenderableType:
    lines: list[RenderableType] = [Text(str(message["text"]), style="bold")]
    for number, option in enumerate(message.get("options") or [], 1):
        lines.append(Text.assemble(("  ", ""), (f"{number}", "bold cyan"), f"  {option.get('label')}"))
    if message.get("multiple"):
        lines.append(Text(f"  Several numbers, or “{wording.NONE}”.", style="dim"))
    help_ = f"  “why?” tells why I ask · “{wording.DONT_KNOW}” is fine · /help lists more"
    left = wording.left(message)
    lines.append(Text(f"{help_} · {left}" if left else help_, style="dim"))
    return Padding(Group(*lines), (0, 0, 1, 0))


def _answer(message: Mapping[str, Any]) -> RenderableType:
    lines: list[RenderableType] = [Text(str(message.get("text", ""))), *_passages(message)]
    return Padding(Group(*lines), (0, 0, 1, 0))


def _determination(message: Mapping[str, Any]) -> RenderableType:
    colour = COLOURS[wording.sense(str(message.get("outcome")))]
    *body, last = wording.sections(message) or [wording.Section("", ())]
    parts = [line for section in body for line in _section(section)]
    parts += [*_passages(message), *_section(last)]
    return Panel(Group(*parts), title=Text(wording.headline(message), style=f"bold {colour}"),
                 title_align="left", border_style=colour, padding=(1, 2))  # fmt: skip


def _section(section: wording.Section) -> list[RenderableType]:
    if not section.title:
        return [Text(f"{line}\n") for line in section.lines]
    return [Text(section.title, style="bold"), *_bullets(section.lines), Text("")]


def _bullets(lines: Sequence[str]) -> list[RenderableType]:
    return [Padding(Text(f"• {line}"), (0, 0, 0, 2)) for line in lines]


def _passages(message: Mapping[str, Any]) -> list[RenderableType]:
    shown: list[RenderableType] = []
    for number, one in enumerate(wording.passages(message, SHORT), 1):
        shown.append(Text.assemble((f"[{number}] ", "cyan"), (one.title, "bold")))
        shown += [Padding(Text(line, style="italic"), (0, 0, 1, 4)) for line in one.lines]
    return shown
