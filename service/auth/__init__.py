"""Who is who: the identity provider, roles, and the cookies of browser sessions."""
