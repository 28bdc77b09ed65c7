"""Setting up the two environments and everything built from the repository."""
