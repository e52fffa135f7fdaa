"""How fast rank updates go: a steady rate that halves when DynamoDB throttles and recovers in quiet. No I/O.

The rule is additive-increase, multiplicative-decrease, as TCP has it: half at each throttle, a tenth more
after each second without one.
"""

import math
import threading
from collections.abc import Callable

_SLOWEST = 1.0
_RECOVERY = 1.1
_QUIET_SECONDS = 1.0
_TOGETHER_SECONDS = 0.2


class Pace:
    """Spaces calls of several threads at a common rate.

    Args:
        rate: calls per second at most.
        clock: returns seconds that never go back.
        sleep: waits that many seconds.
    """

    def __init__(
        self, rate: float, clock: Callable[[], float], sleep: Callable[[float], None]
    ) -> None:
        self._fastest, self.rate = rate, rate
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._next = clock()
        self._changed = self._next
        self._halved = -math.inf

    def wait(self) -> None:
        """Return when the next call may go."""
        with self._lock:
            now = self._clock()
            self._recover(now)
            turn = max(self._next, now)
            self._next = turn + 1 / self.rate
        if turn > now:
            self._sleep(turn - now)

    def throttled(self) -> None:
        """Halve the rate; throttles of calls that were in flight together count once."""
        with self._lock:
            now = self._clock()
            self._recover(now)
            if now - self._halved >= _TOGETHER_SECONDS:
                self.rate = max(_SLOWEST, self.rate / 2)
                self._halved = self._changed = now

    def _recover(self, now: float) -> None:
        while self.rate < self._fastest and now - self._changed >= _QUIET_SECONDS:
            self.rate = min(self._fastest, self.rate * _RECOVERY)
            self._changed += _QUIET_SECONDS
