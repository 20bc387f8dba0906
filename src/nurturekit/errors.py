"""Everything the library raises, split by who must act.

CLOSED. To add one: subclass by who must act, give it a stable `code`, and build its sentence in
`__str__`.
"""

from collections.abc import Iterable
from difflib import get_close_matches


class NurtureError(Exception):
    """The root of every error of this library; `code` is stable, the sentence is not."""

    code = "nurture"

    def __reduce__(self) -> tuple[object, ...]:
        # Arguments given by keyword aren't in `args`: errors cross processes by their attributes.
        return _rebuilt, (type(self), self.args, self.__dict__)


def _rebuilt(
    kind: type[NurtureError], args: tuple[object, ...], attributes: dict[str, object]
) -> NurtureError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(attributes)
    return error


class RecordError(NurtureError, ValueError):
    """A record that can't be one: the caller must fix the field named.

    Args:
        code: What is wrong, stable: `naive-datetime`, `bad-id`, `not-a-number`, ...
        field: The field's name, with its record: `Touch.occurred_at`.
        problem: What is wrong with it and what to do.
    """

    def __init__(self, code: str, *, field: str, problem: str) -> None:
        super().__init__(code, field, problem)
        self.code, self.field, self.problem = code, field, problem

    def __str__(self) -> str:
        return f"`{self.field}` {self.problem}"


class CallError(NurtureError, ValueError):
    """A call that makes no sense: the caller must change an argument.

    Args:
        code: What is wrong, stable.
        argument: The argument's name.
        problem: What is wrong with it and what to do.
    """

    def __init__(self, code: str, *, argument: str, problem: str) -> None:
        super().__init__(code, argument, problem)
        self.code, self.argument, self.problem = code, argument, problem

    def __str__(self) -> str:
        return f"`{self.argument}` {self.problem}"


class ModelError(NurtureError, ValueError):
    """A model, policy or sequence that can't work: its author must change the value at `path`.

    Args:
        code: What is wrong, stable.
        path: Where: `rules[3].points`, as far as the object itself can tell.
        problem: What is wrong and what to do.
    """

    def __init__(self, code: str, *, path: str, problem: str) -> None:
        super().__init__(code, path, problem)
        self.code, self.path, self.problem = code, path, problem

    def __str__(self) -> str:
        return f"`{self.path}` {self.problem}"


class DocumentError(NurtureError, ValueError):
    """A document with problems: all of them at once, each with its place.

    Args:
        problems: The problems in document order.
        source: The file's name, when there is one.
    """

    code = "document"

    def __init__(self, problems: Iterable[ModelError], *, source: str = "document") -> None:
        self.problems = tuple(problems)
        self.source = source
        super().__init__(self.problems, source)

    def __str__(self) -> str:
        count = len(self.problems)
        lines = [f"{self.source} has {count} problem{'s' if count != 1 else ''}"]
        lines += [f"  {problem} [{problem.code}]" for problem in self.problems]
        return "\n".join(lines)


class InputError(NurtureError, ValueError):
    """Input from a file that can't be read: the place is `source`, line and column.

    Args:
        code: What is wrong, stable.
        source: The file's name.
        problem: What is wrong and what to do.
        line: Line in the file, from 1.
        column: The column's name.
    """

    def __init__(
        self,
        code: str,
        *,
        source: str,
        problem: str,
        line: int | None = None,
        column: str | None = None,
    ) -> None:
        super().__init__(code, source, problem, line, column)
        self.code, self.source, self.problem = code, source, problem
        self.line, self.column = line, column

    def __str__(self) -> str:
        place = self.source
        if self.line is not None:
            place += f" line {self.line}"
        if self.column is not None:
            place += f" column `{self.column}`"
        return f"{place}: {self.problem}"


class PluginError(NurtureError, TypeError):
    """Something a plug-in is, returned or raised: the plug-in's author must act.

    Args:
        plugin: The plug-in's name.
        problem: What it did and what it should do.
        lead_id: The lead it was asked about; None before it is asked about any.
        code: What is wrong, stable: `plugin` for what it did when asked.
    """

    code = "plugin"

    def __init__(
        self, plugin: str, *, problem: str, lead_id: str | None = None, code: str = "plugin"
    ) -> None:
        super().__init__(plugin, problem)
        self.plugin, self.lead_id, self.problem, self.code = plugin, lead_id, problem, code

    def __str__(self) -> str:
        said = f"`{self.plugin}` {self.problem}"
        return said if self.lead_id is None else f"{said}, for lead `{self.lead_id}`"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `, did you mean ...?` for the one nearest known name, or nothing.

    >>> did_you_mean("pionts", ["points", "per_day"])
    ', did you mean `points`?'
    """
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f", did you mean `{near[0]}`?" if near else ""
