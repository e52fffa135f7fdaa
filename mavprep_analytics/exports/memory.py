"""Keeps freed memory for the next block while exports are read, instead of giving it back each time.

Reading allocates and frees the same few megabytes over and over. By default the C library and Arrow's pool
return such blocks to the system, which hands them out again page by page, zeroed: a quarter of the time.
"""

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_LARGEST_BLOCK = 32 << 20
"""Larger blocks are the system's; glibc allows no more."""
_KEPT_BYTES = 256 << 20


@contextmanager
def kept_memory() -> Iterator[None]:
    """Keep freed memory in this process, and suspend garbage collection: millions of objects, no cycles."""
    keep_memory()
    was_enabled, pool = gc.isenabled(), pa.default_memory_pool()
    try:
        yield
    finally:
        pa.set_memory_pool(pool)
        if was_enabled:
            gc.enable()
        _call("malloc_trim", 0)


def keep_memory() -> None:
    """Do so for the life of this process."""
    gc.disable()
    pa.set_memory_pool(pa.system_memory_pool())
    _call("mallopt", _MMAP_THRESHOLD, _LARGEST_BLOCK)
    _call("mallopt", _TRIM_THRESHOLD, _KEPT_BYTES)


def _call(function: str, *arguments: int) -> None:
    """Call a function of glibc; other C libraries have none of this."""
    known = getattr(ctypes.CDLL(None), function, None)
    if known is not None:
        known(*arguments)
