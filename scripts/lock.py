"""Compiles every lock file from pyproject.toml: `python3 -m scripts.lock [--upgrade]` (or `make lock`).

What is locked stays at its version unless pyproject.toml no longer allows it or `--upgrade` is given.

locks/torch-cpu.txt is the one file not compiled: its version and hashes are those that PyTorch publishes
for its CPU wheels, which the registry does not carry; tests hold its version to pyproject.toml's.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.setup import ROOT
from scripts.toolchain import find_uv, index_environment
from scripts.trouble import SetupError, explain

COMMON = (
    "pip", "compile", "--quiet", "--generate-hashes", "--universal", "--no-header",
    "--no-emit-index-url", "--no-emit-find-links",
)  # fmt: skip
PYTHON_311 = ("--python-version", "3.11")
SERVICE = ("pyproject.toml", "--group", "ml", "--group", "build", "--no-emit-package", "torch", *PYTHON_311)
LOCKS: dict[str, tuple[str, ...]] = {
    "service.txt": SERVICE,
    "dev.txt": (*SERVICE, "--group", "dev", "--group", "bench", "--constraints", "locks/service.txt"),
    "rasa.txt": ("--group", "rasa", "--python-version", "3.10"),
    "tools.txt": ("--group", "tools", "--python-version", "3.8"),
}


def torch_requirement(root: Path) -> str:
    """The torch requirement as pyproject.toml states it."""
    match = re.search(r'"(torch==[^"]+)"', (root / "pyproject.toml").read_text(encoding="utf-8"))
    if match is None:
        raise SetupError("pyproject.toml does not pin torch with '=='.")
    return match.group(1)


def compile_lock(uv: str, name: str, arguments: Sequence[str], root: Path, stdin: str | None = None) -> None:
    """Resolves one lock file anew, in place."""
    print(f"· locks/{name}", file=sys.stderr)
    done = subprocess.run(
        [uv, *COMMON, *arguments, "--output-file", f"locks/{name}"],
        cwd=root, env={**os.environ, **index_environment(root), "UV_FIND_LINKS": ""},
        input=stdin, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise SetupError(
            explain(done.stderr) or f"locks/{name} could not be resolved:\n{done.stderr.strip()}"
        )


def main(options: Sequence[str]) -> int:
    """Compiles all locks; 1 with the resolver's reason when one cannot be resolved."""
    try:
        uv = find_uv(ROOT, ROOT / "var" / "setup" / "uv.log")
        for name, arguments in LOCKS.items():
            compile_lock(uv, name, (*options, *arguments), ROOT)
        # The registry's torch with all that its builds ask for, outside the project's own view of it.
        registry = ("-", "--no-config", "--constraints", "locks/service.txt", *PYTHON_311)
        compile_lock(uv, "torch.txt", (*options, *registry), ROOT, stdin=torch_requirement(ROOT))
    except SetupError as error:
        print(f"lock: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
