"""Webhooks: a signed message to an address of the user's, once a job has ended (standardwebhooks.com).

`models` is what a user gives and sees, `due` what waits in Redis, `addresses` and `sending` one attempt over
the network, `schedule` what follows from its outcome, `run` one round over all that is due.
"""
