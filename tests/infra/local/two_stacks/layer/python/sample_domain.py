"""Stands for our own layer: an error whose class a state machine catches."""


class ContractSuspended(Exception):
    """A business error, caught by its class name."""
