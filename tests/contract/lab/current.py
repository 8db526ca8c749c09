"""The call being performed, for code that moto calls and that must know who called and what the options are."""

import threading

_here = threading.local()


def enter(lab, request, principal) -> None:
    _here.lab, _here.request, _here.principal = lab, request, principal


def lab():
    return _here.lab


def request():
    return _here.request


def principal():
    return _here.principal
