"""`ethicsdesk switch`: refer everything of a pack, topic or rule to a person, or show a banner, within
seconds."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from knowledge.model import Knowledge
from service.cli.opened import opened
from service.errors import InvalidInput

if TYPE_CHECKING:
    from service.store.switches import Kind


class Target(StrEnum):
    """What a switch can name."""

    PACK = "pack"
    TOPIC = "topic"
    RULE = "rule"
    BANNER = "banner"


def switch(
    kind: Annotated[Target | None, typer.Argument(help="What to switch; nothing lists the switches.")] = None,
    target: Annotated[str, typer.Argument(help="Its id.")] = "",
    note: Annotated[str, typer.Option(help="What to tell people; the banner's text.")] = "",
    off: Annotated[bool, typer.Option("--off", help="Lift the switch.")] = False,
) -> None:
    """Set, lift or list kill switches."""
    with opened() as store:
        if kind is None:
            for one in store.switches.all():
                typer.echo(f"{one.kind} {one.target} since {one.set_at:%Y-%m-%d %H:%M} {one.note}".rstrip())
            return
        from knowledge.load import load  # imported already by `opened`

        name: Kind = kind.value
        _check(load(), name, target)
        action = "switch off" if off else "switch on"
        if off and not store.switches.lift(name, target):
            raise InvalidInput(f"There is no switch for {kind.value} {target}.")
        if not off:
            store.switches.set(name, target, note)
        store.audit.note("command line", action, f"{kind.value} {target}".strip())
    typer.echo(f"{kind.value} {target}: {'as usual again' if off else 'set'}".replace(" :", ":"))


def _check(knowledge: Knowledge, kind: Kind, target: str) -> None:
    """A switch that names nothing would stop nothing, and nobody would notice."""
    known = {
        "pack": knowledge.packs,
        "topic": knowledge.topics,
        "rule": knowledge.rules,
        "banner": {"": None},
    }[kind]
    if target not in known:
        raise InvalidInput(f"There is no {kind} {target!r}.")
