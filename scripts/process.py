"""Running one command of a step: its output goes to a log, its progress to the terminal."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from scripts.trouble import step_failed

QUIET_SECONDS = 2.0  # a command that ends sooner shows no progress line
PIPE_INTERVAL_SECONDS = 15.0  # how often progress is reported when nobody watches a terminal
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f]")


def last_line(log: Path) -> str:
    """The newest non-empty line of a log, without control characters."""
    with log.open("rb") as stream:
        stream.seek(max(0, log.stat().st_size - 4000))
        text = stream.read().decode(errors="replace")
    lines = [_CONTROL.sub("", line).strip() for line in re.split(r"[\r\n]", text)]
    return next((line for line in reversed(lines) if line), "")


class Progress:
    """Says how long a command has been running: one rewritten line on a terminal, a few lines elsewhere."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._started = time.monotonic()
        self._next = QUIET_SECONDS
        self._live = sys.stderr.isatty()
        self._shown = False

    @property
    def seconds(self) -> float:
        """Seconds since the command started."""
        return time.monotonic() - self._started

    def tick(self) -> None:
        """Shows progress when it is due."""
        if self.seconds < self._next:
            return
        self._next = self.seconds + (0.5 if self._live else PIPE_INTERVAL_SECONDS)
        line = f"    {self.seconds:4.0f} s  {last_line(self._log) or 'working'}"
        if self._live:
            width = shutil.get_terminal_size().columns - 1
            sys.stderr.write(f"\r\x1b[2K{line[:width]}")
        else:
            sys.stderr.write(f"{line[:110]}\n")
        sys.stderr.flush()
        self._shown = True

    def end(self) -> None:
        """Clears the rewritten line."""
        if self._live and self._shown:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()


def run(
    name: str, command: Sequence[str], log: Path, root: Path, env: Mapping[str, str] | None = None
) -> None:
    """Runs a command of the step `name` in `root`, appending its output to `log`.

    Raises:
        SetupError: The command could not be started or ended with a status other than 0.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    before = log.stat().st_size if log.exists() else 0
    with log.open("ab") as sink:
        try:
            child = subprocess.Popen(
                list(command), cwd=root, env={**os.environ, **(env or {})}, stdout=sink, stderr=sink,
                stdin=subprocess.DEVNULL,
            )  # fmt: skip
        except OSError as error:
            raise step_failed(name, str(error), log) from error
        progress = Progress(log)
        try:
            while True:
                try:
                    status = child.wait(timeout=0.2)
                    break
                except subprocess.TimeoutExpired:
                    progress.tick()
        except BaseException:
            child.terminate()
            child.wait()
            raise
        finally:
            progress.end()
    if status != 0:
        with log.open("rb") as stream:
            stream.seek(before)
            raise step_failed(name, stream.read().decode(errors="replace"), log)
