"""Deciding: the rule engine, the desk that talks, and the Rasa actions that call them."""
