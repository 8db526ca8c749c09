"""The lab's clock: real time plus an offset that a test may move. moto, the Date header and signatures all follow it."""

import contextlib
import datetime as dt
import sys
import time
import types

import moto.core.utils as moto_utils

_real_utcnow = moto_utils.utcnow
_offset = dt.timedelta(0)
_still = None


def now() -> dt.datetime:
    """The lab's present, naive UTC, as moto expects it."""
    return _real_utcnow() + _offset


def epoch() -> float:
    return time.time() + _offset.total_seconds()


def days_ago(days: float) -> dt.datetime:
    return (_still or now()) - dt.timedelta(days=days)


@contextlib.contextmanager
def standing_still():
    """Ages are counted from one instant meanwhile, however long it takes to build what has them."""
    global _still
    _still = now()
    try:
        yield _still
    finally:
        _still = None


def move_to(offset: dt.timedelta) -> None:
    global _offset
    _offset = offset


def offset() -> dt.timedelta:
    return _offset


def http_date() -> str:
    return now().strftime("%a, %d %b %Y %H:%M:%S GMT")


class _ShiftedTime(types.ModuleType):
    """Stands in for the `time` module where moto reads time.time()."""

    def __init__(self):
        super().__init__("time")

    def __getattr__(self, name):
        return getattr(time, name)

    @staticmethod
    def time():
        return epoch()


def install() -> None:
    """Replaces the clock in every moto module loaded so far; call after all services of the lab are imported."""
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith("moto") and getattr(module, "utcnow", None) is _real_utcnow:
            module.utcnow = now
    import moto.secretsmanager.models as secrets_models

    secrets_models.time = _ShiftedTime()
