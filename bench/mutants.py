"""Break the engine's code mechanically (mutmut) and count how many breaks its own tests notice.

A seeded sample of the mutants is run: all of them take hours. What survives is printed with its difference.
`python -m bench.mutants [SIZE] [SEED]`; status 1 when fewer than `BAR` are killed.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

SIZE, SEED = 330, 20261124
BAR = 0.90
MADE = Path("mutants/actions/engine")
#: How mutmut records that a mutant was noticed: a failed test or collection, or one that never ended.
KILLED = frozenset({1, 3, 24, 36, -24, 152, 255})


def names() -> list[str]:
    """All mutants of the engine, made anew."""
    # mutmut makes all mutants before it looks which are asked for; this one is always there.
    _mutmut("run", "actions.engine.merge.x_stands__mutmut_1")
    return sorted(_codes())


def _codes() -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for path in MADE.glob("*.meta"):
        found.update(json.loads(path.read_text())["exit_code_by_key"])
    return found


def _mutmut(*arguments: str) -> str:
    program = Path(sys.executable).with_name("mutmut")
    # Names, numbers and words of this file only; no text of a user.
    done = subprocess.run([str(program), *arguments], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def main() -> int:
    """Print the share that was killed and every survivor."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else SIZE
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else SEED
    every = names()
    chosen = random.Random(seed).sample(every, min(size, len(every)))
    _mutmut("run", "--max-children", "1", *chosen)
    codes = {name: _codes()[name] for name in chosen}
    killed = [name for name, code in codes.items() if code in KILLED]
    for name in sorted(set(chosen) - set(killed)):
        print(_mutmut("show", name))
    print("exit codes:", dict(Counter(codes.values())))
    share = len(killed) / len(chosen)
    print(f"{len(killed)} of {len(chosen)} killed ({share:.1%}); {len(every)} mutants in all, seed {seed}")
    return 0 if share >= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
