"""What can go wrong while setting up, said in one sentence that names the remedy."""

from __future__ import annotations

import re
from pathlib import Path


class SetupError(Exception):
    """A setup step cannot go on; the message is for the person at the terminal."""


class Unreachable(SetupError):
    """The network or a package source did not answer."""


_NO_NETWORK = (
    r"dns error|name resolution|Could not resolve|Failed to fetch|Connection refused|timed out"
    r"|Network is unreachable|tcp connect error|NewConnectionError|client error \(Connect\)"
    r"|No route to host|network was disabled|--offline"
)
_REACH_IT = (
    "There is no network, or the package registry cannot be reached: check the connection "
    "(or the proxy and index settings) and run the same command again."
)
_SIGNS: tuple[tuple[str, str], ...] = (
    (
        r"No space left on device|os error 28|Errno 28|Disk quota exceeded",
        "The disk is full: free a few gigabytes and run the same command again.",
    ),
    (
        r"Hash mismatch|do not match the hashes|THESE PACKAGES DO NOT MATCH",
        "A downloaded package is not the one that the lock file names: nothing was installed from it; "
        "try again, and if it happens again do not trust the package source in use.",
    ),
    (
        r"Permission denied|os error 13|Errno 13",
        "A file could not be written: check that this folder and its .venv and var folders belong to you, "
        "and run the same command again.",
    ),
    (
        r"MemoryError|Cannot allocate memory|\bKilled\b",
        "The machine ran out of memory: about 3 GB must be free; close something and run the same "
        "command again.",
    ),
)


def explain(output: str) -> str | None:
    """The one sentence for the first known cause found in a tool's output; None when no cause is known."""
    return next((sentence for sign, sentence in _SIGNS if re.search(sign, output)), None)


def step_failed(name: str, output: str, log: Path) -> SetupError:
    """The error for a step that ended badly: a known cause in one sentence, else the end of its output."""
    known = explain(output)
    if known:
        return SetupError(f"{known} (step {name}; its output is in {log})")
    if re.search(_NO_NETWORK, output):
        return Unreachable(_REACH_IT)
    tail = "\n".join(f"    {line}" for line in output.rstrip().splitlines()[-12:])
    return SetupError(f"The step '{name}' failed; its full output is in {log}. The last lines:\n{tail}")
