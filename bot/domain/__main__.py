"""`python -m bot.domain [--check]`: write the generated part of Rasa's domain, or say that it is stale."""

from __future__ import annotations

import argparse
import sys

from bot.domain import stale, write
from knowledge.load import load


def main() -> int:
    """The exit status: 1 when `--check` finds something stale."""
    parser = argparse.ArgumentParser(prog="python -m bot.domain", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a file is stale")
    names = stale(load()) if parser.parse_args().check else write(load())
    if names and "--check" in sys.argv:
        sys.stderr.write(f"stale: {', '.join(names)}; run `python -m bot.domain`\n")
        return 1
    sys.stdout.write(
        f"{', '.join(names) or 'nothing'} written\n" if "--check" not in sys.argv else "up to date\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
