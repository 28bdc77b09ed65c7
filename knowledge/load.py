"""Read the whole of `knowledge/` into one `Knowledge`, or list everything that is wrong with it.

The tree: `{topics,outcomes,layers,checklists,glossary}.yml` and `facts/` are shared; each folder under
`packs/` has `pack.yml` and any of `facts/ derived/ rules/ provisions/ opinions/ parameters/`. Names are one
global space.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from knowledge import build, schema
from knowledge.check import check
from knowledge.model import Knowledge
from knowledge.problems import KnowledgeError, Problem

HERE = Path(__file__).parent
S = TypeVar("S", bound=schema.Shape)
T = TypeVar("T")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Reader:
    """Reads files into shapes, gathers problems, and fingerprints what it read."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.digest = hashlib.sha256()

    def entries(self, path: Path, shape: type[S]) -> Iterator[tuple[S, str]]:
        name = path.relative_to(self.root).as_posix()
        try:
            raw = path.read_bytes()
            content = yaml.load(raw, Loader=_Loader)
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            self.problems.append(
                Problem(name, "file", " ".join(str(error).split()), "readable YAML in UTF-8")
            )
            return
        self.digest.update(name.encode() + b"\0" + raw + b"\0")
        for number, entry in enumerate(schema.as_list(content)):
            try:
                yield shape.model_validate(entry), name
            except ValidationError as error:
                self._report(name, number, entry, error)

    def _report(self, name: str, number: int, entry: object, error: ValidationError) -> None:
        label = entry.get("id") or entry.get("name") if isinstance(entry, dict) else None
        for detail in error.errors():
            key = ".".join(str(part) for part in (label or number, *detail["loc"]))
            self.problems.append(Problem(name, key, repr(detail["input"])[:80], detail["msg"]))


def _files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.yml")) if folder.is_dir() else []


def _collect(
    reader: _Reader,
    paths: list[Path],
    shape: type[S],
    make: Callable[[S, str, str], T],
    pack: str,
    into: dict[str, T],
    key: str = "id",
) -> None:
    for entry, file in (pair for path in paths for pair in reader.entries(path, shape)):
        name = getattr(entry, key)
        if name in into:
            reader.problems.append(Problem(file, key, name, "a name declared only once"))
            continue
        into[name] = make(entry, pack, file)


def read(root: Path) -> tuple[Knowledge, list[Problem]]:
    """Read every file under `root`; returns what could be read and the problems of shape found on the way."""
    reader = _Reader(root)
    found: dict[str, dict[str, Any]] = {
        name: {}
        for name in (
            "packs", "topics", "outcomes", "layers", "facts", "derived", "rules", "provisions", "parameters",
            "checklists", "glossary",
        )
    }  # fmt: skip
    shared: tuple[tuple[str, type[schema.Shape], Callable[..., Any], str], ...] = (
        ("topics", schema.TopicShape, build.topic, "id"),
        ("outcomes", schema.OutcomeShape, build.outcome, "id"),
        ("layers", schema.LayerShape, build.layer, "id"),
        ("checklists", schema.ChecklistShape, build.checklist, "id"),
        ("glossary", schema.TermShape, build.term, "term"),
    )
    for name, shape, make, key in shared:
        _collect(reader, [root / f"{name}.yml"], shape, make, "", found[name], key)
    folders: tuple[tuple[str, str, type[schema.Shape], Callable[..., Any], str], ...] = (
        ("facts", "facts", schema.FactShape, build.fact, "name"),
        ("derived", "derived", schema.DerivedShape, build.derived, "name"),
        ("rules", "rules", schema.RuleShape, build.rule, "id"),
        ("provisions", "provisions", schema.ProvisionShape, build.provision, "id"),
        ("opinions", "provisions", schema.ProvisionShape, build.provision, "id"),
        ("parameters", "parameters", schema.ParameterShape, build.parameter, "name"),
    )
    places = [
        ("", root),
        *((path.name, path) for path in sorted((root / "packs").iterdir()) if path.is_dir()),
    ]
    for pack, place in places:
        if pack:
            _collect(reader, [place / "pack.yml"], schema.PackShape, build.pack, pack, found["packs"])
        for folder, kind, shape, make, key in folders:
            _collect(reader, _files(place / folder), shape, make, pack, found[kind], key)
    knowledge = _assemble(found, reader.digest.hexdigest())
    return knowledge, reader.problems


def _assemble(found: Mapping[str, dict[str, Any]], fingerprint: str) -> Knowledge:
    rules = {name: rule for name, (rule, _) in found["rules"].items()}
    typed = build.Typing({name: fact.type for name, fact in found["facts"].items()})
    cases = tuple(typed.case(case) for _, cases in found["rules"].values() for case in cases)
    checklists = found["checklists"]
    in_list = {fact: item.id for item in checklists.values() for fact in item.facts}
    return Knowledge(
        packs={name: typed.pack(pack) for name, pack in found["packs"].items()},
        topics={name: typed.topic(topic) for name, topic in found["topics"].items()},
        outcomes=found["outcomes"],
        layers=found["layers"],
        facts={name: typed.fact(fact, in_list.get(name)) for name, fact in found["facts"].items()},
        derived=found["derived"],
        rules=rules,
        cases=cases,
        provisions=found["provisions"],
        parameters=found["parameters"],
        checklists=checklists,
        glossary=found["glossary"],
        fingerprint=fingerprint,
    )


@functools.lru_cache(maxsize=4)
def load(root: Path = HERE) -> Knowledge:
    """Load and check the knowledge under `root`.

    Raises:
        KnowledgeError: with all problems of shape, or, when the shapes are right, all problems of substance.
    """
    knowledge, problems = read(root)
    if not problems:
        problems = check(knowledge)
    if problems:
        raise KnowledgeError(problems)
    return knowledge
