"""A question in plain words, or an explicit choice, becomes a plan."""
