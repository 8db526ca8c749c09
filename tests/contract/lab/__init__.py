"""The lab: moto's AWS behind a gateway that is as strict as the real one wherever rekeyer depends on it; or rekeyer's sandbox in its place.

Tests use only `Lab` (see client.py), which starts one or the other (see ../backends.py). Everything else in this package runs inside the lab's
own server process.
"""

from .client import Lab, LabError

__all__ = ["Lab", "LabError"]
