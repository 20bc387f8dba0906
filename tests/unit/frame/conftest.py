"""Tables are tried where the machine's clock isn't UTC."""

import pytest


@pytest.fixture(scope="module", autouse=True)
def _elsewhere(new_york):
    """Stand in New York."""
