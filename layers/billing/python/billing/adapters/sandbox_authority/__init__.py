"""A stand-in for the tax authorities: what runs on this machine and in tests instead of them; never deployed.

It judges what it receives by the authority's rules and by its own arithmetic, remembers what it authorised, and can be
down or lose an answer.
"""
