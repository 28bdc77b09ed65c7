"""Joins the commands and turns every foreseen fault into one sentence."""

from __future__ import annotations

import sys
from typing import Any

import typer

from service.cli import (
    audit,
    bench,
    chat,
    evaluate,
    export,
    faults,
    hold,
    ingest,
    ledger,
    mcp,
    serve,
    switch,
    verify,
)
from service.errors import ServiceError

SYNTAX, FAULT, INTERRUPTED = 2, 1, 130


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


app = _App(help="Ethics Desk: can I accept this?", no_args_is_help=True, pretty_exceptions_enable=False)
app.command("chat")(chat.chat)
app.command("serve")(serve.serve)
app.command("ingest")(ingest.ingest)
app.command("ledger")(ledger.ledger)
app.command("audit")(audit.audit)
app.command("verify")(verify.verify)
app.command("eval")(evaluate.evaluate)
app.command("export")(export.export)
app.command("hold")(hold.hold)
app.command("bench")(bench.bench)
app.command("mcp")(mcp.mcp)
app.command("faults")(faults.faults)
app.command("switch")(switch.switch)
