"""Brings a clone to the point where the desk runs: `python3 -m scripts.setup [desk] [dev]`.

Steps whose inputs did not change are skipped, so a second run takes a moment.
"""

from __future__ import annotations

import contextlib
import fcntl
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from scripts.environments import Workshop
from scripts.fingerprint import Ledger, fingerprint
from scripts.process import run
from scripts.steps import STEPS, Step
from scripts.trouble import SetupError, explain

ROOT = Path(__file__).resolve().parent.parent
GIGABYTE = 1_000_000_000


def step_fingerprint(step: Step, root: Path) -> str:
    """What the step depends on: its input files, its command, and (for environments) where it lies."""
    extra = [step.name, " ".join(step.make) if isinstance(step.make, tuple) else step.make.__name__]
    if step.tied_to_place:
        extra.append(str(root))
    return fingerprint(root, step.inputs, extra)


def is_done(step: Step, root: Path, ledger: Ledger) -> bool:
    """Whether the step's outputs exist and were made from the inputs as they are now."""
    if not all(any(root.glob(pattern)) for pattern in step.outputs):
        return False
    return ledger.read().get(step.name) == step_fingerprint(step, root)


def require_space(step: Step, root: Path) -> None:
    """Refuses a step that the disk has no room for, before it leaves half of its work behind."""
    free = shutil.disk_usage(root).free / GIGABYTE
    if free < step.free_gb:
        raise SetupError(
            f"The disk is too full: {step.says} needs {step.free_gb:.1f} GB and {free:.1f} GB are free; "
            "free some space and run the same command again."
        )


def make(step: Step, root: Path, ledger: Ledger) -> None:
    """Runs one step and remembers its fingerprint; a step that fails is remembered as not done."""
    log = root / "var" / "setup" / f"{step.name}.log"
    require_space(step, root)
    ledger.record(step.name, None)
    log.unlink(missing_ok=True)
    if isinstance(step.make, tuple):
        run(step.name, step.make, log, root, dict(step.env))
    else:
        step.make(Workshop(root, log))
    missing = [pattern for pattern in step.outputs if not any(root.glob(pattern))]
    if missing:
        raise SetupError(f"The step '{step.name}' ended well but left no {', '.join(missing)}; see {log}.")
    ledger.record(step.name, step_fingerprint(step, root))


@contextlib.contextmanager
def one_at_a_time(root: Path) -> Iterator[None]:
    """Holds the setup lock, so that two commands never build the same thing at once."""
    path = root / "var" / "setup" / "lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("· waiting for another setup in this folder to end", file=sys.stderr)
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def bring_up(goals: frozenset[str], root: Path, steps: Sequence[Step] = STEPS) -> list[str]:
    """Makes every step that the goals need and that is not done; returns the names of those made."""
    ledger = Ledger(root / "var" / "setup" / "done.json")
    wanted = [step for step in steps if step.goals & goals]
    made: list[str] = []
    for number, step in enumerate(wanted, 1):
        if is_done(step, root, ledger):
            continue
        print(f"[{number}/{len(wanted)}] {step.says}", file=sys.stderr)
        started = time.monotonic()
        make(step, root, ledger)
        seconds = time.monotonic() - started
        if seconds > 2:
            print(f"      done in {seconds:.0f} s", file=sys.stderr)
        made.append(step.name)
    return made


def main(arguments: Sequence[str]) -> int:
    """Runs the steps for the goals named (default: "desk"); 1 with one sentence when one cannot go on."""
    try:
        with one_at_a_time(ROOT):
            bring_up(frozenset(arguments or ["desk"]), ROOT)
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"setup: {explain(str(error)) or error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("setup: stopped; the same command goes on where this one ended.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
