"""One module a kind of job: its parameters, its result, and a body of a few lines over the domain."""
