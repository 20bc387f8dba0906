"""What may be asked of a lead: facts, where they may be asked for, and what asking costs (S0-9)."""

from collections.abc import Iterable

import attrs

from nurturekit.errors import ModelError, RecordError
from nurturekit.planning.words import check_name
from nurturekit.records.checks import check_value

Choice = str | int | bool
MOST = 1_000


def _tuple(values: Iterable[str]) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(values)


@attrs.frozen(kw_only=True)
class Question:
    """A fact that may be asked for. Its words are the host's: here they have an id at most.

    Args:
        fact: The attribute's name.
        on: Where it may be asked: `form`, `call`, or names of your own.
        cost: What asking costs, against the other questions: from 0, lower is asked first.
        prompt_id: The id of its words, if they have one.
        choices: The answers that may be given; empty is any.

    Raises:
        ModelError: `bad-name`, `out-of-range`, `bad-value`.
    """

    fact: str
    on: tuple[str, ...] = attrs.field(default=("form", "call"), converter=_tuple)
    cost: int = 1
    prompt_id: str | None = None
    choices: tuple[Choice, ...] = attrs.field(default=(), converter=tuple)

    def __attrs_post_init__(self) -> None:
        check_name(self.fact, path="fact")
        for place in self.on:
            check_name(place, path="on")
        if type(self.cost) is not int or not 0 <= self.cost <= MOST:
            problem = f"must be a whole number from 0 to {MOST:,}"
            raise ModelError("out-of-range", path="cost", problem=problem)
        if not all(map(_is_answer, self.choices)):
            problem = "must be texts, whole numbers or bools that a fact can have"
            raise ModelError("bad-value", path="choices", problem=problem)


def _is_answer(choice: object) -> bool:
    try:
        return type(choice) in (str, int, bool) and check_value(choice, field="choices") != ""
    except RecordError:
        return False


def distinct(given: Iterable[Question]) -> tuple[Question, ...]:
    """Return questions as a playbook keeps them: one for a fact.

    Raises:
        ModelError: `duplicate-name`.
    """
    questions = tuple(given)
    names = [question.fact for question in questions]
    for index, name in enumerate(names):
        if name in names[:index]:
            path = f"questions[{index}].fact"
            raise ModelError("duplicate-name", path=path, problem=f"is `{name}` again")
    return questions
