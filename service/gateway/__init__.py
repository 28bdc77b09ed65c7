"""From a message to its reply: accepted once, applied once, in order, within its time, whatever dies
meanwhile."""
