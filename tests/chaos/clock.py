"""A clock that can be set while a process goes by it: libfaketime tells the process what the file says.

What measures spans of time (the monotonic clock) goes on, as it does where somebody sets a machine's clock.
"""

from collections.abc import Mapping
from pathlib import Path

LIBRARIES = tuple(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))


class Clock:
    """`file` is made by it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.jump(0)

    @property
    def environment(self) -> Mapping[str, str]:
        return {
            "LD_PRELOAD": str(LIBRARIES[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            # Else whoever waits for Python's interpreter lock spins: two threads take 46 s for the work of one.
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        }

    def jump(self, seconds: int) -> None:
        """So far from the machine's time, within a second."""
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{seconds:+d}")
        fresh.rename(self._file)


def there() -> bool:
    """Whether clocks can be set here; else why not is printed."""
    if not LIBRARIES:
        print("no clock jumps: libfaketime is not there (apt-get install libfaketime)")
    return bool(LIBRARIES)
