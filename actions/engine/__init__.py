"""Deciding: facts, rules and a date in, a determination out. Pure; knows neither Rasa nor the web."""

from actions.engine.engine import Engine
from actions.engine.result import Change, Determination, DutyOwed, Fired, Floor, NearMiss, Question
from actions.engine.values import FactError

__all__ = [
    "Change", "Determination", "DutyOwed", "Engine", "FactError", "Fired", "Floor", "NearMiss", "Question",
]  # fmt: skip
