"""Finding what a fresh machine may lack: uv, the two Python interpreters, and torch's CPU wheel."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from scripts.process import run
from scripts.trouble import SetupError

OLDEST_UV = (0, 9)  # the first series whose options (torch backend, groups) are the ones used here


def _output(command: Sequence[str], root: Path, env: Mapping[str, str] | None = None) -> str | None:
    """A command's standard output, stripped; None when it is missing or fails."""
    try:
        done = subprocess.run(
            list(command),
            cwd=root,
            env={**os.environ, **(env or {})},
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def uv_version(uv: str, root: Path) -> tuple[int, ...] | None:
    """The version of a uv executable, or None when it does not run."""
    said = _output([uv, "--version"], root)
    match = re.search(r"(\d+)\.(\d+)\.(\d+)", said or "")
    return tuple(int(part) for part in match.groups()) if match else None


def find_uv(root: Path, log: Path) -> str:
    """A uv that is recent enough: from PATH, from var/tools, or fetched into var/tools with pip.

    Raises:
        SetupError: There is none and none could be fetched.
    """
    own = root / "var" / "tools" / "bin" / "uv"
    for candidate in (shutil.which("uv"), str(own)):
        version = uv_version(candidate, root) if candidate else None
        if candidate and version and version[:2] >= OLDEST_UV:
            return candidate
    print("· fetching uv, the installer", file=sys.stderr)
    tools = root / "var" / "tools"
    wanted = ["--quiet", "--require-hashes", "-r", str(root / "locks" / "tools.txt")]
    if _output([sys.executable, "-m", "venv", "--clear", str(tools)], root) is not None:
        run("fetching uv", [str(tools / "bin" / "python"), "-m", "pip", "install", *wanted], log, root)
    elif _output([sys.executable, "-m", "pip", "--version"], root) is not None:
        # Debian's python3 has no venv of its own; pip can still unpack uv into a folder.
        run(
            "fetching uv",
            [sys.executable, "-m", "pip", "install", "--target", str(tools), *wanted],
            log,
            root,
        )
    else:
        raise SetupError(
            "uv, the installer, is missing and this python3 has neither venv nor pip to fetch it: "
            "install uv, or the python3-venv package, and run the same command again."
        )
    return str(own)


def pyenv_interpreter(version: str) -> Path | None:
    """The newest interpreter of a minor version under pyenv's folder, or None."""
    home = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    found = home.glob(f"versions/{version}.*/bin/python{version}")
    return max(found, key=lambda p: [int(n) for n in re.findall(r"\d+", p.parts[-3])], default=None)


def find_python(uv: str, version: str, root: Path) -> str:
    """An interpreter of the given minor version: on this machine, or downloaded by uv.

    Raises:
        SetupError: None is installed and none could be downloaded.
    """
    found = _output([uv, "python", "find", "--no-project", version], root, {"UV_PYTHON_DOWNLOADS": "never"})
    if found:
        return found
    kept = pyenv_interpreter(version)
    if kept:
        return str(kept)
    print(f"· downloading Python {version}", file=sys.stderr)
    _output([uv, "python", "install", "--no-bin", version], root)
    found = _output([uv, "python", "find", "--no-project", version], root, {"UV_PYTHON_DOWNLOADS": "never"})
    if found:
        return found
    raise SetupError(
        f"Python {version} is not on this machine and could not be downloaded: install it (for example with "
        f"'pyenv install {version}'), or connect to the network, and run the same command again."
    )


def pip_settings(root: Path) -> dict[str, str]:
    """The machine's pip settings (index-url, find-links); uv does not read them by itself."""
    listing = _output([sys.executable, "-m", "pip", "config", "list"], root) or ""
    settings: dict[str, str] = {}
    for line in listing.splitlines():
        key, _, value = line.partition("=")
        settings[key.rpartition(".")[2]] = value.strip("'\"")
    # The environment wins over pip's files, as it does in pip.
    for key in ("index-url", "find-links"):
        said = os.environ.get("PIP_" + key.upper().replace("-", "_"))
        if said:
            settings[key] = said
    return settings


def index_environment(root: Path) -> dict[str, str]:
    """What uv must be told of pip's settings: a mirror and folders of wheels, unless uv has its own."""
    settings = pip_settings(root)
    told: dict[str, str] = {}
    if settings.get("index-url") and not {"UV_DEFAULT_INDEX", "UV_INDEX_URL"} & set(os.environ):
        told["UV_DEFAULT_INDEX"] = settings["index-url"]
    if settings.get("find-links") and "UV_FIND_LINKS" not in os.environ:
        told["UV_FIND_LINKS"] = ",".join(settings["find-links"].split())
    return told


def torch_arguments(
    root: Path, find_links: str, choice: str | None = None, platform: str = sys.platform
) -> list[str]:
    """uv's arguments for the torch that suits this machine.

    A CPU wheel in one of the `find_links` folders comes first, then PyTorch's own CPU index. The public
    registry's build for Linux brings several GB of CUDA libraries, so it is taken only when asked for
    (`choice` is "registry"); elsewhere the registry's build is the CPU build.
    """
    if choice == "registry" or platform != "linux":
        return ["-r", str(root / "locks" / "torch.txt")]
    arguments = ["--no-deps", "-r", str(root / "locks" / "torch-cpu.txt")]
    folders = [Path(place) for place in find_links.split(",") if place]
    if any(next(folder.glob("torch-*+cpu-*.whl"), None) for folder in folders):
        return arguments
    return [*arguments, "--torch-backend", "cpu"]
