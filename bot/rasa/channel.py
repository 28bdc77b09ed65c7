"""Rasa's REST channel, loaded through credentials.yml, and with it the repairs that every Rasa process of
ours needs: Rasa 3.6.21 is the last open release, and what is slow in it stays slow unless we mend it here.
"""

from __future__ import annotations

from rasa.core.channels.rest import RestInput

from bot.rasa import calls, trackers

calls.install()
trackers.install()


class DeskInput(RestInput):  # type: ignore[misc]
    """The REST channel under its usual name, so that its address stays /webhooks/rest/webhook."""
