"""A stand-in for the tax authorities, in the local cloud and in tests; never deployed.

It judges what it receives by the authority's rules and by its own arithmetic, remembers what it authorised, and can be
down or lose an answer.
"""
