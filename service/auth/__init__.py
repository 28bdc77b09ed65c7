"""Who is who: browser sessions and their cookies."""
