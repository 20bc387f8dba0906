"""Progressive profiling: what to ask a lead next, and what is at stake (S0-9).

OPEN. To add one: an aspect of a decision that an answer may change, in `stakes.ASPECTS`.

Rules:

- What is known is never asked, nor what would change nothing (GDPR Art. 5(1)(c): no more than is
  needed), nor anything of a person who asked to be erased or to be left alone.
- A fact without a value whose source is `asked` says that it was asked for; `refused`, that the
  lead wouldn't say. Neither is asked again before its days are over.
- Points at stake are the distance between the least and the greatest total that any answer gives,
  by the scoring model itself: caps and limits count.
- An answer is worth one value of each kind that the playbook's criteria tell apart.
"""

from nurturekit.profiling.asking import (
    DEFAULTS,
    Ask,
    Asking,
    NextQuestions,
    askable,
    next_questions,
)
from nurturekit.profiling.records import asked, refused
from nurturekit.profiling.stakes import Stake

__all__ = [
    "DEFAULTS",
    "Ask",
    "Asking",
    "NextQuestions",
    "Stake",
    "askable",
    "asked",
    "next_questions",
    "refused",
]
