"""The example utterances of `bot/utterances`, in Rasa's YAML format."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

UTTERANCES = Path(__file__).parents[1] / "utterances"
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class ExamplesError(ValueError):
    """A file of examples is not in the expected form; the message names it."""


@dataclass(frozen=True, slots=True)
class Examples:
    """Texts with their labels (a topic or an act). `fingerprint` is the sha256 of the files read."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]
    fingerprint: str


def load_examples(folder: Path = UTTERANCES) -> Examples:
    """Every example under `folder`, in a fixed order; one text under two labels is an error."""
    found: dict[str, str] = {}
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.yml")):
        raw = path.read_bytes()
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + raw + b"\0")
        for label, text in _entries(path, raw):
            if found.setdefault(text, label) != label:
                raise ExamplesError(f"{path.name}: {text!r} is an example of {found[text]} already")
    return Examples(tuple(found), tuple(found.values()), digest.hexdigest())


def _entries(path: Path, raw: bytes) -> list[tuple[str, str]]:
    try:
        content = yaml.load(raw, Loader=_Loader)
        return [
            (entry["intent"], line.removeprefix("- ").strip())
            for entry in content["nlu"]
            for line in entry["examples"].splitlines()
            if line.strip()
        ]
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise ExamplesError(f"{path.name} is not in Rasa's format of examples: {error}") from error
