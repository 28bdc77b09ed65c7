"""Slack: direct messages, a slash command, a message shortcut, mentions answered privately, App Home."""

from service.channels.slack.app import Slack as Slack
