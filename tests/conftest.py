"""Load the Hypothesis profile: `ci` unless NURTUREKIT_HYPOTHESIS names another."""

import os

from hypothesis import settings

settings.register_profile("ci", derandomize=True, deadline=None, max_examples=100)
settings.register_profile("deep", deadline=None, max_examples=20_000)
settings.load_profile(os.environ.get("NURTUREKIT_HYPOTHESIS", "ci"))
