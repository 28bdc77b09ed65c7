"""Microsoft Teams: personal chat is the home of the talk; elsewhere the desk only points there."""
