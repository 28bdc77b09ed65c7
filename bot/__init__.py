"""The dialogue: example utterances, what they mean, and the rules of talking."""
