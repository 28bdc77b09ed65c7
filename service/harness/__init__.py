"""Measures a desk from outside: what it does under load, and when its parts are killed."""
