"""Mutation testing of the arithmetic and the methods, by `python -m tests.mutation`."""
