"""How many questions a conversation takes, and how many the shortest would have.

Over all worked cases: the person first states what the case lists, its noes aside, then answers honestly. The
shortest conversation is planned with all answers known beforehand; where it takes no more than `SEARCHED`
questions, every smaller set of questions is tried too. A checklist is one question.
"""

from __future__ import annotations

import datetime as dt
import itertools
import statistics
import time
from collections import defaultdict
from collections.abc import Collection, Mapping

from actions.engine import Engine
from actions.engine.ask import Ask, Planner
from actions.engine.presumption import presumptions
from actions.engine.scope import Scope
from knowledge.load import load
from knowledge.model import Case, Knowledge, Value

DAY = dt.date(2026, 6, 1)
SEARCHED = 3


def truth(knowledge: Knowledge, case: Case) -> dict[str, Value]:
    """All that the person of a case could answer."""
    usual = {
        name: fact.case_default for name, fact in knowledge.facts.items() if fact.case_default is not None
    }
    return {**usual, **case.facts}


def talk(engine: Engine, case: Case, answers: Mapping[str, Value]) -> tuple[int, str, float]:
    """Questions asked, the outcome, and the seconds that choosing them took."""
    facts = {name: value for name, value in case.facts.items() if value is not False}
    # What a case has no value for, and no default, does not exist: a date that has not come.
    absent: set[str] = set()
    count, spent = 0, 0.0
    while True:
        start = time.perf_counter()
        question = engine.next_question(case.pack, case.topic, facts, DAY, absent=absent)
        spent += time.perf_counter() - start
        if question is None:
            decided = engine.determine(case.pack, case.topic, facts, DAY, absent=absent, presume=True)
            return count, decided.outcome, spent
        count += 1
        for name in question.facts:
            if name in answers:
                facts[name] = answers[name]
            else:
                absent.add(name)


def shortest(scope: Scope, case: Case, answers: Mapping[str, Value]) -> int:
    """The fewest questions that settle a case when the answers are known beforehand."""
    said = {name: value for name, value in case.facts.items() if value is not False}
    known = scope.known(said, DAY)
    planner = Planner(scope, known, (), presumptions(scope, known), answers)
    plan = len(planner.plan())
    if 1 < plan <= SEARCHED:
        for size in range(1, plan):
            if any(
                _settles(scope, said, answers, chosen)
                for chosen in itertools.combinations(planner.asks, size)
            ):
                return size
    return plan


def _settles(
    scope: Scope, said: Mapping[str, Value], answers: Mapping[str, Value], asked: Collection[Ask]
) -> bool:
    names = [name for ask in asked for name in ask.facts]
    told = {**said, **{name: answers[name] for name in names if name in answers}}
    known = scope.known(told, DAY)
    absent = [name for name in names if name not in answers]
    return not Planner(scope, known, (), presumptions(scope, known), answers, absent).plan()


def main() -> None:
    """Print one line for each topic and one for all."""
    knowledge = load()
    engine = Engine(knowledge)
    lines: dict[str, list[tuple[int, int, bool, float]]] = defaultdict(list)
    for case in knowledge.cases:
        answers = truth(knowledge, case)
        asked, outcome, spent = talk(engine, case, answers)
        best = min(asked, shortest(engine.scope(case.pack, case.topic), case, answers))
        lines[case.topic].append((asked, best, outcome == case.outcome, spent / (asked + 1)))
    print(f"{'topic':28} cases  median  mean   max  shortest  ratio  same outcome  ms a question")
    for topic, found in sorted(lines.items()):
        _line(topic, found)
    _line("all", [one for found in lines.values() for one in found])


def _line(topic: str, found: list[tuple[int, int, bool, float]]) -> None:
    asked, best = [one[0] for one in found], [one[1] for one in found]
    ratio = sum(asked) / max(sum(best), 1)
    print(
        f"{topic:28} {len(found):5}  {statistics.median(asked):6}  {statistics.mean(asked):5.2f}  "
        f"{max(asked):3}  {statistics.mean(best):8.2f}  {ratio:5.2f}  {sum(one[2] for one in found):12}"
        f"  {1000 * statistics.median(one[3] for one in found):13.2f}"
    )


if __name__ == "__main__":
    main()
