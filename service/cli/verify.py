"""`ethicsdesk verify`: is the law in knowledge/ whole, and do the proofs about it hold?"""

from __future__ import annotations

import datetime as dt
import importlib.util
import subprocess
import sys

import typer

from knowledge.model import Knowledge
from knowledge.problems import KnowledgeError
from service.settings import ROOT

# The day on which a worked case is decided unless it says another.
CASE_DAY = dt.date(2026, 6, 1)


def verify() -> None:
    """Load the law, decide every worked case, and run the proofs; exit status 1 when anything fails."""
    from knowledge.load import load  # as in `opened`: no other command waits for it

    try:
        knowledge = load()
    except KnowledgeError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    counts = (len(knowledge.rules), len(knowledge.facts), len(knowledge.provisions))
    typer.echo("{} rules, {} facts, {} provisions.".format(*counts))
    wrong = _cases(knowledge)
    for line in wrong:
        typer.echo(line, err=True)
    right = len(knowledge.cases) - len(wrong)
    typer.echo(f"{right} of {len(knowledge.cases)} worked cases are decided as written.")
    if wrong or not _proofs():
        raise typer.Exit(1)


def _cases(knowledge: Knowledge) -> list[str]:
    """The worked cases that are decided otherwise than they say, one line each."""
    from actions.engine import Engine

    engine = Engine(knowledge)
    defaults = {
        name: fact.case_default for name, fact in knowledge.facts.items() if fact.case_default is not None
    }
    wrong = []
    for case in knowledge.cases:
        facts = {**defaults, **knowledge.packs[case.pack].fixes, **case.facts}
        as_of = facts.get("as_of_date", CASE_DAY)
        found = engine.determine(
            case.pack, case.topic, facts, as_of if isinstance(as_of, dt.date) else CASE_DAY
        )
        if found.outcome != case.outcome:
            wrong.append(f"{case.name}: {found.outcome}, expected {case.outcome}")
    return wrong


def _proofs() -> bool:
    """Run the proofs over all fact combinations, where the solver is installed."""
    if importlib.util.find_spec("z3") is None or importlib.util.find_spec("actions.proofs") is None:
        typer.echo("The proofs are left out: z3-solver is not installed (`make test` installs it).")
        return True
    return subprocess.run([sys.executable, "-m", "actions.proofs"], cwd=ROOT, check=False).returncode == 0
