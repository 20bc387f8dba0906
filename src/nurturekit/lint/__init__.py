"""Find what loads but can't work in a playbook: dead rules, shadowed rows, steps nobody reaches.

OPEN. To add one: its code in `findings.CODES`, a function from a `Draft` to its findings in the
module of its area, and its place in `runner.CHECKS`.
"""

from nurturekit.lint.findings import CODES, ERROR, WARNING, Code, Finding
from nurturekit.lint.runner import CHECKS, HORIZON_DAYS, findings

__all__ = ["CHECKS", "CODES", "ERROR", "HORIZON_DAYS", "WARNING", "Code", "Finding", "findings"]
