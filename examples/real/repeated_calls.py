"""How the chance of a yes falls with each repeated call, in the calls of a bank (UCI).

Prints aggregates only: calls and yeses by the number of the call, as the shape of `call_values`.
A row is a client's last call of a campaign, the yes or no of which is known; who was called so
often had said nothing before. So the rate of call n is its yeses among all clients called n times
or more.

Results go to stdout and are the same on every run. Exit codes: 0; 2 when the data is missing.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import attrs
from sources import DATA, MissingDataError, rows

from nurturekit.planning.calls import CALL_VALUES, LEAST_CALL_VALUE, CallValues

TITLE = "Bank Marketing, calls of a Portuguese bank (Moro, Cortez, Rita 2014)"
FOLDER, FILE = "bank_marketing", "bank-additional-full.csv.gz"
OBTAIN = f"""\
S. Moro, P. Cortez and P. Rita publish it at the UCI Machine Learning Repository as `Bank
Marketing`. Put {FILE} (`;` between columns) into a folder {FOLDER}, and give the
folder that holds it as --data."""
CALLS = 10
CANNOT_TELL = """\
- Nothing here was assigned by chance: whom the bank called again was its own choice, so the fall is
  of those calls, not of any lead's willingness.
- Consumers and deposits, by phone alone: no other channel, and no business buyer.
- Whether an earlier call met nobody or a no isn't recorded; here all of them count as in vain."""


@attrs.frozen(kw_only=True)
class Rate:
    """The calls of one number: how many were made, and how many of them sold."""

    number: int
    calls: int
    yeses: int

    @property
    def percent(self) -> float:
        """The share that sold, in per cent."""
        return 100 * self.yeses / self.calls


def rates(calls: Iterable[Mapping[str, str]]) -> list[Rate]:
    """Return the rate of each call's number, up to `CALLS`, as far as any was made."""
    last: Counter[int] = Counter()
    sold: Counter[int] = Counter()
    for call in calls:
        number = int(call["campaign"])
        last[number] += 1
        sold[number] += call["y"] == "yes"
    made = {number: sum(n for at, n in last.items() if at >= number) for number in _numbers()}
    return [Rate(number=n, calls=made[n], yeses=sold[n]) for n in _numbers() if made[n]]


def _numbers() -> range:
    return range(1, CALLS + 1)


def _calls(folder: Path) -> Iterator[dict[str, str]]:
    if not (folder / FILE).is_file():
        text = f"missing in {folder}: {FILE}"
        raise MissingDataError(text)
    return rows(folder, FILE, ("campaign", "y"), separator=";")


def values(found: Sequence[Rate]) -> list[int]:
    """Return each rate in per cent of the first, never rising: a `call_values`."""
    shares = [round(100 * one.percent / found[0].percent) for one in found]
    return [min(shares[: place + 1]) for place in range(len(shares))]


def lines(found: Sequence[Rate]) -> Iterator[str]:
    """Yield the results."""
    yield TITLE
    yield "call     made     yes    rate   of a first call"
    for one, value in zip(found, values(found), strict=True):
        yield f"{one.number:>4} {one.calls:>8,} {one.yeses:>7,} {one.percent:>6.2f} % {value:>8} %"
    usual = CallValues()
    gives_way = next(n for n in range(len(CALL_VALUES)) if not usual.is_worth_it(n))
    yield f"shipped: call_values = {list(CALL_VALUES)}"
    yield f"below {LEAST_CALL_VALUE} %, after {gives_way} calls in vain, phone gives way"
    yield "what this data can't tell:"
    yield CANNOT_TELL


def main(argv: Sequence[str] | None = None) -> int:
    """Print the rates."""
    parser = argparse.ArgumentParser(description=TITLE)
    parser.add_argument("--data", type=Path, default=DATA, help=f"holds the folder {FOLDER}")
    folder = parser.parse_args(argv).data / FOLDER
    try:
        found = rates(_calls(folder))
    except MissingDataError as error:
        print(f"{error}\n{OBTAIN}", file=sys.stderr)
        return 2
    print("\n".join(lines(found)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
