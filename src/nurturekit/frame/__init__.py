"""Score and decide whole tables: the same answers as for one lead, on any engine."""
