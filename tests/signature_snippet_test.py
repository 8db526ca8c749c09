#!/usr/bin/env python3
"""The code in docs/events.md that checks a webhook's signature accepts the example that webhook_channel_test.cpp signs."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent


def main() -> None:
    snippet = re.search(r"```python\n(.*?)```", (ROOT / "docs/events.md").read_text(), re.DOTALL).group(1)
    names: dict = {}
    exec(snippet, names)
    genuine = names["is_genuine"]
    test = (ROOT / "src/notify/channels/webhook_channel_test.cpp").read_text()
    signature = re.search(r'"(v1=[0-9a-f]{64})"', test).group(1)
    headers = {"X-Rekeyer-Timestamp": "1772323200", "X-Rekeyer-Signature": signature}
    body, now = b'{"version":1}', 1772323200.0
    assert genuine(b"key", headers, body, now)
    assert not genuine(b"another key", headers, body, now)
    assert not genuine(b"key", headers, body + b" ", now)
    assert not genuine(b"key", headers, body, now + 301)
    assert not genuine(b"key", {}, body, now)
    assert not genuine(b"key", headers | {"X-Rekeyer-Timestamp": "1772323201"}, body, now)
    print("the documented check takes the signed example and nothing else")


if __name__ == "__main__":
    main()
