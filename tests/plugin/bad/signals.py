"""Signals that are wrong on purpose, one fault each; all else about them is right."""

import attrs

from nurturekit.signals import UNKNOWN, AtLeast, TouchCount


@attrs.frozen
class _Named:
    @property
    def name(self):
        return type(self).__name__


@attrs.frozen
class Good(_Named):
    def measure(self, situation):
        return len(situation.touches)


@attrs.frozen
class Rising(Good):
    monotone = "rising"


@attrs.frozen
class AtLeastRising(_Named):
    monotone = "rising"

    def measure(self, situation):
        return AtLeast(len(situation.touches)) if len(situation.touches) < 3 else 3


@attrs.frozen
class Learns(_Named):
    """Not known before the first touch."""

    monotone = "rising"

    def measure(self, situation):
        return len(situation.touches) or UNKNOWN


@attrs.frozen
class Falling(_Named):
    monotone = "falling"

    def measure(self, situation):
        return -TouchCount().measure(situation) if not situation.visible.openings else 0


@attrs.frozen
class Nothing(_Named):
    def measure(self, situation):
        return None


@attrs.frozen
class AList(_Named):
    def measure(self, situation):
        return [touch.kind for touch in situation.touches]


@attrs.frozen
class FallsDeclaredRising(_Named):
    """The fewer touches, the higher."""

    monotone = "rising"

    def measure(self, situation):
        return -len(situation.touches)


@attrs.frozen
class ForgetsDeclaredRising(_Named):
    """Unknown from the second touch on."""

    monotone = "rising"

    def measure(self, situation):
        return UNKNOWN if len(situation.touches) > 1 else 1


@attrs.frozen
class RisesDeclaredFalling(Good):
    monotone = "falling"


@attrs.frozen
class TextDeclaredRising(_Named):
    """A text, then a number: neither is higher."""

    monotone = "rising"

    def measure(self, situation):
        return len(situation.touches) or "none"


@attrs.frozen
class Upwards(Good):
    """A way that isn't one."""

    monotone = "up"


@attrs.frozen
class Coroutine(_Named):
    async def measure(self, situation):
        return 1


@attrs.frozen
class TakesTheLibrarysName(Good):
    @property
    def name(self):
        return "stage"
