"""The picture of how the cost of a table grows with its rows."""

from collections.abc import Mapping, Sequence
from pathlib import Path

# Touches, CPU seconds, MB at the peak.
Point = tuple[int, float, float]


def draw(path: Path, lines: Mapping[str, Sequence[Point]], *, title: str) -> None:
    """Draw CPU seconds and peak memory over touches, beside what is exactly linear.

    Args:
        path: Where to.
        lines: The points of each candidate.
        title: What stands above.
    """
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    for name, points in lines.items():
        touches = [one for one, _, _ in points]
        (line,) = left.plot(touches, [cpu for _, cpu, _ in points], "o-", label=name)
        first = points[0]
        linear = [first[1] * one / first[0] for one in touches]
        left.plot(touches, linear, ":", color=line.get_color(), linewidth=1)
        right.plot(touches, [peak for _, _, peak in points], "o-", label=name)
    left.set(xscale="log", yscale="log", ylabel="CPU seconds (dotted: linear)")
    right.set(xscale="log", ylabel="MB at the peak", ylim=(0, None))
    sizes = sorted({one for points in lines.values() for one, _, _ in points})
    for axes in (left, right):
        axes.set_xlabel("touches, millions")
        axes.set_xticks(sizes, [f"{size / 1_000_000:g}" for size in sizes])
        axes.minorticks_off()
    left.legend()
    figure.suptitle(title)
    figure.savefig(path, dpi=150)
    plt.close(figure)
