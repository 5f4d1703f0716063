"""Folders that machines without a common disk share through an object store; see docs/decisions/0015."""
