"""The conversation, pure: a state and a turn in, the next state and what to say out.

Knows neither Rasa nor HTTP nor SQL, so the same handlers serve Rasa's actions and the gateway when Rasa is
down.
"""

from actions.desk.desk import Desk as Desk
