"""Load the Hypothesis profile (`ci` unless NURTUREKIT_HYPOTHESIS names another), move clocks."""

import os
import time

import pytest
from hypothesis import Phase, settings

settings.register_profile("ci", derandomize=True, deadline=None, max_examples=100)
settings.register_profile("deep", deadline=None, max_examples=20_000)
# As `ci`, but a failure is enough: nobody reads the smallest example of a break made on purpose.
settings.register_profile(
    "sabotage",
    derandomize=True,
    deadline=None,
    max_examples=100,
    phases=(Phase.explicit, Phase.generate),
)
settings.load_profile(os.environ.get("NURTUREKIT_HYPOTHESIS", "ci"))


@pytest.fixture(scope="module")
def new_york():
    """Let the machine's clock stand in New York while a module's tests run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "America/New_York")
        time.tzset()
        yield
    time.tzset()
