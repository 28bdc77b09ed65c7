"""The desk's messages on a terminal. Everything is text, never markup: what a person typed stays what
it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

KIND = {"restated": "in our own words", "official": "official words"}
COLOURS = {"may": "green", "first": "yellow", "ask": "cyan", "may not": "red"}
SENSE = {
    **dict.fromkeys(("permitted", "no_conflict", "not_covered", "informational"), "may"),
    **dict.fromkeys(
        ("permitted_with_conditions", "reportable", "approval_required", "registration_required"), "first"
    ),
    **dict.fromkeys(("conflict_potential", "refer_to_counsel"), "ask"),
}
LONG = 600


def show(console: Console, message: Mapping[str, Any]) -> None:
    """Print one message."""
    shape = {"determination": _determination, "question": _question, "answer": _answer, "notice": _notice}
    console.print(shape.get(str(message.get("type")), _plain)(message))


def _plain(message: Mapping[str, Any]) -> RenderableType:
    return Padding(Text(str(message.get("text", ""))), (0, 0, 1, 0))


def _notice(message: Mapping[str, Any]) -> RenderableType:
    return Padding(Text(str(message.get("text", "")), style="italic dim"), (0, 0, 1, 0))


def _question(message: Mapping[str, Any]) -> RenderableType:
    lines: list[RenderableType] = [Text(str(message["text"]), style="bold")]
    for number, option in enumerate(message.get("options") or [], 1):
        lines.append(Text.assemble(("  ", ""), (f"{number}", "bold cyan"), f"  {option.get('label')}"))
    if message.get("multiple"):
        lines.append(Text("  Several numbers, or “none of these”.", style="dim"))
    left = int(message.get("at_most", 0))
    count = "" if not left else " · the last question" if left == 1 else f" · at most {left} questions left"
    lines.append(Text(f"  “why?” tells why I ask · “I don't know” is fine{count}", style="dim"))
    return Padding(Group(*lines), (0, 0, 1, 0))


def _answer(message: Mapping[str, Any]) -> RenderableType:
    lines: list[RenderableType] = [
        Text(str(message.get("text", ""))),
        *_passages(message.get("passages") or []),
    ]
    return Padding(Group(*lines), (0, 0, 1, 0))


def _determination(message: Mapping[str, Any]) -> RenderableType:
    outcome = str(message.get("outcome"))
    colour = COLOURS[SENSE.get(outcome, "may not")]
    parts: list[RenderableType] = [Text(str(message.get("why", "")))]
    parts += _list("What to do", [_todo(item) for item in message.get("todo") or []])
    parts += _list("What would change it", message.get("changes_text") or [])
    parts += _list("Also considered", message.get("why_not") or [])
    parts += _list("Taken for granted", [str(chip.get("label")) for chip in message.get("chips") or []])
    parts += _passages(message.get("passages") or [])
    for name in ("depends_text", "layer_text", "contact", "disclaimer"):
        if message.get(name):
            parts.append(Text(f"\n{message[name]}", style="dim" if name == "disclaimer" else ""))
    return Panel(Group(*parts), title=Text(str(message.get("headline", outcome)), style=f"bold {colour}"),
                 title_align="left", border_style=colour, padding=(1, 2))  # fmt: skip


def _todo(item: Mapping[str, Any]) -> str:
    extra = [str(item[name]) for name in ("when", "form") if item.get(name)]
    return f"{item.get('text')}{' (' + '; '.join(extra) + ')' if extra else ''}"


def _list(title: str, lines: Sequence[str]) -> list[RenderableType]:
    if not lines:
        return []
    return [Text(f"\n{title}", style="bold"), *(Padding(Text(f"• {line}"), (0, 0, 0, 2)) for line in lines)]


def _passages(passages: Sequence[Mapping[str, Any]]) -> list[RenderableType]:
    shown: list[RenderableType] = []
    for passage in passages:
        words = str(passage.get("text", ""))
        words = words if len(words) <= LONG else f"{words[:LONG].rsplit(' ', 1)[0]} …"
        kind = KIND.get(str(passage.get("kind")), "")
        heading = f"  {passage.get('heading', '')}  "
        shown.append(
            Text.assemble("\n", (str(passage.get("citation")), "bold"), heading, (f"[{kind}]", "dim"))
        )
        shown.append(Padding(Text(words, style="italic"), (0, 0, 0, 2)))
    return shown
