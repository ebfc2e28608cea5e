"""One application from draft to result: states, steps, timeline (办件)."""
