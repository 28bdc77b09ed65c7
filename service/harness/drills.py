"""F3, F4, F11 and F12: Rasa slow or failing, files damaged, the law edited badly. Each against a desk of its
own: what the people who talk to it notice. A drill gives a `Figure`; its number is that of
docs/reliability.md.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from service.harness.faults import REPLY_LIMIT, Talk, talk
from service.harness.figures import Figure
from service.harness.running import RunningDesk, quoted, refusal, running_desk
from service.harness.saboteur import Fault, Saboteur
from service.settings import ROOT

CODE = ("actions", "bot", "index", "knowledge", "service")
Edit = tuple[
    str, str, str, str
]  # a file of the law, what stands in it, what it is made, what names the mistake
MISSHAPEN: tuple[Edit, ...] = (
    ("facts/agency.yml", "type: choice\n", "", "facts/agency.yml"),
    ("facts/item_value.yml", "type: money", "type: monney", "facts/item_value.yml"),
    ("packs/ct-state/parameters/award_limit.yml", "value: 100", "value: about a hundred", "award_limit"),
    ("topics.yml", "- id: ", "- id: {", "topics.yml"),
)
SENSELESS: tuple[Edit, ...] = (
    ("packs/ct-state/rules/gifts-between-employees/CT-COWK-04-major-life-event-up-to-1-000.yml",
     "CGS 1-84(p)", "CGS 1-84(zz)", "CT-COWK-04.cites"),
    ("derived/shared.yml", "jurisdiction == 'ct' and person_role == 'former_state_employee'",
     "covered_former_ct and person_role == 'former_state_employee'", "covered_former_ct"),
    ("packs/ct-state/derived/conflicts.yml", "and own_finances_affected", "and own_finances_effected",
     "own_finances_effected"),
)  # fmt: skip
SECRET = "the-seam-secret-of-a-drill-32-characters"


async def bad_dialogue(folder: Path, slow: tuple[float, ...] = (0.5, 5.0)) -> list[Figure]:
    """F3 and F4: Rasa slow, failing, talking nonsense, hanging; every turn of a conversation meets it."""
    async with Saboteur() as saboteur:
        beside = {
            "ETHICSDESK_RASA_URLS": saboteur.url, "ETHICSDESK_SEAM_SECRET": SECRET,
            "ETHICSDESK_BREAKER_FAILURES": "1000000",
        }  # fmt: skip
        async with running_desk(folder / "dialogue", environment=beside) as desk:
            expected = await talk(desk.url)
            figures = [
                await _with_fault(desk, saboteur, "F3", f"every turn of Rasa takes {seconds:g} s", expected,
                                  fault="slow", seconds=seconds)
                for seconds in slow
            ]  # fmt: skip
            kinds: list[tuple[Fault, str]] = [
                ("error", "Rasa answers 500"), ("garbage", "Rasa answers garbage"),
                ("cut", "Rasa's answer breaks off"), ("schema", "Rasa's answer has a wrong shape"),
                ("empty", "Rasa answers nothing"), ("hang", "Rasa hangs"),
            ]  # fmt: skip
            for kind, words in kinds:
                figures.append(await _with_fault(desk, saboteur, "F4", words, expected, fault=kind))
    return figures


async def _with_fault(
    desk: RunningDesk, saboteur: Saboteur, item: str, what: str, expected: Talk, *,
    fault: Fault, seconds: float = 0.0,
) -> Figure:  # fmt: skip
    saboteur.fault, saboteur.seconds, saboteur.calls = fault, seconds, 0
    done = await talk(desk.url)
    same = done.outcomes == expected.outcomes
    kept = same and done.slowest <= REPLY_LIMIT and saboteur.calls > 0
    measured = f"slowest reply {done.slowest:.1f} s, {'same' if same else 'another'} determination"
    return Figure(item, what, measured, f"reply within {REPLY_LIMIT:g} s, same determination", kept)


async def damaged_files(folder: Path, var: Path) -> list[Figure]:
    """F11: a part of what setup built is missing, cut short, or another one."""
    damages: list[tuple[str, str, Callable[[Path], object]]] = [
        ("index/vectors.faiss", "missing", lambda path: path.unlink()),
        ("index/vectors.faiss", "cut short", lambda path: path.write_bytes(path.read_bytes()[:1000])),
        ("index/passages.jsonl", "changed", lambda path: path.write_bytes(path.read_bytes()[::-1])),
        ("understanding/head.npz", "missing", lambda path: path.unlink()),
        ("understanding/head.npz", "cut short", lambda path: path.write_bytes(path.read_bytes()[:1000])),
    ]
    figures = []
    for number, (name, how, damage) in enumerate(damages):
        own = folder / f"var{number}"
        for part in ("index", "understanding"):
            shutil.copytree(var / part, own / part)
        damage(own / name)
        desk = RunningDesk(own, rasa_processes=0, environment={"ETHICSDESK_VAR_DIR": str(own)})
        said = await refusal(desk)
        figures.append(Figure("F11", f"{name} is {how}", quoted(said), "start refuses and names the file",
                              Path(name).stem in said))  # fmt: skip
    return figures


async def bad_edits(folder: Path, var: Path) -> list[Figure]:
    """F12: the law is edited badly under a running desk, whose code and law are a copy."""
    root = folder / "copy"
    for part in CODE:
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "models").symlink_to(ROOT / "models")
    environment = {"ETHICSDESK_VAR_DIR": str(var)}
    figures = []
    async with running_desk(folder / "edits", environment=environment, root=root) as desk:
        before = await talk(desk.url)
        for what, edits in (("out of shape", MISSHAPEN), ("so that its parts contradict", SENSELESS)):
            law = root / "knowledge"
            sound = {name: (law / name).read_text("utf-8") for name, *_ in edits}
            for name, old, new, _ in edits:
                (law / name).write_text(sound[name].replace(old, new, 1), "utf-8")
            after = await talk(desk.url)
            figures.append(await _edited(desk, what, edits, same=after.outcomes == before.outcomes))
            for name, content in sound.items():
                (law / name).write_text(content, "utf-8")
    return figures


async def _edited(desk: RunningDesk, what: str, edits: Sequence[Edit], *, same: bool) -> Figure:
    """What the running desk did, and what one that starts now on the same law says."""
    beside = desk.folder / what.split()[-1]
    beside.mkdir()
    second = RunningDesk(beside, rasa_processes=0, environment=desk.environment, root=desk.root)
    refused = bool(await refusal(second))
    said = (beside / "desk.log").read_text(errors="replace")
    listed = sum(mistake in said for *_, mistake in edits)
    return Figure(
        "F12", f"{len(edits)} files of the law are edited {what} while the desk runs",
        f"the running desk decides {'as before' if same else 'otherwise'}; the next start "
        f"{'refuses' if refused else 'does not refuse'} and names {listed} of the {len(edits)} mistakes",
        "the running desk keeps the old law; the next start refuses and names all",
        same and refused and listed == len(edits),
    )  # fmt: skip
