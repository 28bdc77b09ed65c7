"""Joins the commands and turns every foreseen fault into one sentence."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from service.errors import ServiceError

SYNTAX, FAULT, INTERRUPTED = 2, 1, 130
# By the name that is typed: each is a function in the module of the same name.
COMMANDS = {
    "chat": "chat", "serve": "serve", "ingest": "ingest", "ledger": "ledger", "audit": "audit",
    "verify": "verify", "eval": "evaluate", "export": "export", "hold": "hold", "bench": "bench",
    "mcp": "mcp", "faults": "faults", "switch": "switch",
}  # fmt: skip


class _Commands(TyperGroup):
    """Imports a command when it is asked for: none waits for the libraries of the others."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names, in order."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of this name."""
        name = COMMANDS.get(cmd_name)
        if name is None:
            return None
        single = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        single.command(cmd_name)(getattr(importlib.import_module(f"service.cli.{name}"), name))
        return typer.main.get_command(single)


class _App(typer.Typer):
    """A Typer whose faults are sentences, not tracebacks."""

    def __call__(self, *args: Any, **options: Any) -> Any:
        try:
            return super().__call__(*args, **options)
        except ServiceError as error:
            sys.stderr.write(f"{error.message}\n")
            sys.exit(FAULT)
        except KeyboardInterrupt:
            sys.exit(INTERRUPTED)


app = _App(cls=_Commands, no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def desk() -> None:
    """Ethics Desk: can I accept this?"""
