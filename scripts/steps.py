"""The steps from a fresh clone to a desk that answers: one entry a step, in order.

A step is skipped while its outputs exist and its inputs (files, by content) are those it last succeeded
with. `goals` says which commands need it: "desk" to talk to it, "dev" to check and test it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scripts import environments
from scripts.environments import Workshop

SERVICE = ".venv/bin/python"
RASA = ".venv-rasa/bin/python"
QUIET_RASA = (
    ("PYTHONWARNINGS", "ignore"),
    ("RASA_TELEMETRY_ENABLED", "false"),
    ("SQLALCHEMY_SILENCE_UBER_WARNING", "1"),
    ("TF_CPP_MIN_LOG_LEVEL", "3"),
)


@dataclass(frozen=True)
class Step:
    """One thing to build: what it reads, how it is made, what it leaves."""

    name: str
    says: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    make: tuple[str, ...] | Callable[[Workshop], None]
    goals: frozenset[str]
    env: tuple[tuple[str, str], ...] = ()
    tied_to_place: bool = False  # an environment holds absolute paths: a moved folder needs a new one
    free_gb: float = 0.1  # disk space below which the step is not even tried


DESK = frozenset({"desk"})
DEV = frozenset({"dev"})
BOTH = DESK | DEV

STEPS: tuple[Step, ...] = (
    Step(
        "service-env", "installing the service's packages (Python 3.11)",
        ("locks/service.txt", "locks/torch*.txt"), (SERVICE,),
        environments.service, BOTH, tied_to_place=True, free_gb=3.5,
    ),
    Step(
        "project", "linking this repository into the service's environment",
        ("pyproject.toml",), (".venv/bin/ethicsdesk",),
        environments.project, BOTH, tied_to_place=True,
    ),
    Step(
        "dev-env", "installing the tools for checks and tests",
        ("locks/dev.txt",), (".venv/bin/pytest", ".venv/bin/mypy"),
        environments.development, DEV, tied_to_place=True, free_gb=1.0,
    ),
    Step(
        "rasa-env", "installing Rasa's packages (Python 3.10)",
        ("locks/rasa.txt",), (RASA, ".venv-rasa/bin/rasa"),
        environments.rasa, DESK, tied_to_place=True, free_gb=3.0,
    ),
    Step(
        "model", "checking the embedding model against its published hash",
        ("locks/service.txt", environments.MODEL_FILE), (environments.MODEL_FILE,),
        environments.check_model, DESK,
    ),
    Step(
        "encoder", "preparing the embedding model for this desk",
        ("index/encoder.py", "index/embed.py", "locks/service.txt", environments.MODEL_FILE),
        ("models/encoder/card.json", "models/encoder/minilm.onnx"),
        (SERVICE, "-m", "index.encoder"), DESK,
    ),
    Step(
        "index", "building the search index",
        ("knowledge", "index", "var/official", "locks/service.txt"), ("var/index/manifest.json",),
        (SERVICE, "-m", "index.build"), DESK,
    ),
    Step(
        "understanding", "training the understanding",
        (
            "knowledge/*.py", "knowledge/*.yml", "knowledge/phrases", "knowledge/facts",
            "knowledge/packs/*/pack.yml", "knowledge/packs/*/facts",
            "bot/understanding", "bot/utterances", "index/embed.py", "index/encoder.py",
            "locks/service.txt",
        ),
        ("var/understanding/head.npz",),
        (SERVICE, "-m", "bot.understanding.train"), DESK,
    ),
    Step(
        "domain", "checking that Rasa's slots are those of the facts",
        ("knowledge", "bot/domain"), (),
        (SERVICE, "-m", "bot.domain", "--check"), DESK,
    ),
    Step(
        "dialogue", "training the dialogue (rasa train)",
        ("config.yml", "domain.yml", "bot/domain/*.yml", "bot/rules", "bot/rasa", "locks/rasa.txt"),
        ("models/dialogue.tar.gz",),
        (".venv-rasa/bin/rasa", "train", "--fixed-model-name", "dialogue"), DESK, env=QUIET_RASA,
    ),
)  # fmt: skip
