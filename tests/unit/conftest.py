"""Unit tests finish in seconds: a few generated examples each, and no deadline, because a busy machine is not a broken
rule.

The examples are the same in every run, so that a change fails because of what it changed; HYPOTHESIS_PROFILE=search
looks for new ones, many more.
"""

import os

from hypothesis import settings

settings.register_profile("unit", max_examples=20, deadline=None, derandomize=True)
settings.register_profile("search", max_examples=500, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "unit"))
