"""Unit tests finish in seconds: a few generated examples each, and no deadline, for a busy machine is not a broken rule."""

from hypothesis import settings

settings.register_profile("unit", max_examples=30, deadline=None)
settings.load_profile("unit")
