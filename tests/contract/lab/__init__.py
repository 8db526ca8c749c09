"""The lab: moto's AWS behind a gateway that is as strict as the real one wherever rekeyer depends on it.

Tests use only `Lab` (see client.py). Everything else in this package runs inside the lab's own server process.
"""

from .client import Lab, LabError

__all__ = ["Lab", "LabError"]
