"""Includes point down only: which layer may use which (ARCHITECTURE.md draws it)."""

#: layer → the layers it may include, besides itself. A new folder under src/ must be entered here.
BELOW = {
    "base": set(),
    "aws/http": {"base"},
    "aws/sign": {"aws/http", "base"},
    "aws/call": {"aws/sign", "aws/http", "base"},
    "aws/services": {"aws/call", "aws/sign", "aws/http", "base"},
    "aws/auth": {"aws/services", "aws/call", "aws/sign", "aws/http", "base"},
    "policy": {"base"},
    "rotation": {"policy", "aws/auth", "aws/services", "aws/call", "aws/sign", "aws/http", "base"},
    "notify/model": {"policy", "base"},
    "notify/render": {"notify/model", "policy", "aws/auth", "aws/services", "aws/call", "aws/sign", "aws/http", "base"},
    "notify/channels": {"notify/render", "notify/model", "policy", "aws/auth", "aws/services", "aws/call", "aws/sign", "aws/http", "base"},
    "notify/deliver": {"notify/channels", "notify/render", "notify/model", "rotation", "policy", "aws/services", "aws/call", "aws/http", "base"},
    "config": {"notify/model", "rotation", "policy", "aws/call", "aws/http", "base"},
    "permissions": {"config", "rotation", "policy", "base"},
    "report": {"rotation", "policy", "aws/http", "base"},
    "findings": {"report", "notify/deliver", "notify/model", "rotation", "policy", "aws/services", "aws/http", "base"},
    "engine": {"report", "config", "notify/deliver", "notify/channels", "notify/render", "rotation", "policy", "aws/auth", "aws/services", "aws/call", "aws/sign", "aws/http", "base"},
    "doctor": {"engine", "report", "permissions", "config", "notify/deliver", "notify/channels", "notify/render", "notify/model", "rotation", "policy", "aws/auth", "aws/services", "aws/call", "aws/sign", "aws/http", "base"},
    "probe": {"engine", "report", "config", "rotation", "policy", "aws/auth", "aws/services", "aws/call", "aws/sign", "aws/http", "base"},
    "lambda": {"engine", "report", "config", "notify/deliver", "rotation", "policy", "aws/auth", "aws/services", "aws/call", "aws/sign", "aws/http", "base"},
    "sandbox": {"aws/http", "base"},
    "rehearsal": {"sandbox", "report", "config", "notify/deliver", "notify/model", "rotation", "policy", "aws/services", "aws/http", "base"},
    "cli": {"doctor", "probe", "rehearsal", "sandbox", "lambda", "engine", "findings", "permissions", "config", "report", "notify/deliver", "notify/render", "rotation", "policy", "aws/auth", "aws/services", "aws/call", "aws/sign", "aws/http", "base"},
}
#: layers that compute and decide only: no input or output, no event loop
PURE = {"policy", "report", "permissions"}
#: slow to compile, so they stay out of headers: hidden behind our own types
HEAVY = ("boost/beast", "boost/asio.hpp", "boost/asio/ssl", "boost/json", "pugixml.hpp", "toml++/", "openssl/", "kainjow/", "spdlog/", "CLI/", "gtest/", "gmock/")
#: layer → what its headers may include of that all the same: the sandbox's services speak in JSON trees
SPOKEN = {"sandbox": ("boost/json",)}


def layer_of(name: str) -> str | None:
    """The layer that a path below src/ is in: "aws/http/message.hpp" is in "aws/http"."""
    parts = name.split("/")
    for length in (2, 1):
        if "/".join(parts[:length]) in BELOW and len(parts) > length:
            return "/".join(parts[:length])
    return None


def includes_point_down(source, tree):
    if not source.is_cpp or source.path.parts[0] != "src":
        return
    here = layer_of("/".join(source.path.parts[1:]))
    if here is None:
        yield 1, "is in no layer that tests/style/layers.py knows"
        return
    for line, name, quoted in source.includes():
        if not quoted:
            if here in PURE and name.startswith("boost/asio") and not source.is_test:
                yield line, f"{here}/ is pure and must not include {name}"
            if here in PURE and not source.is_test and name.startswith(("openssl/", "boost/beast")):
                yield line, f"{here}/ is pure and must not include {name}"
            continue
        if f"src/{name}" in tree:
            there = layer_of(name)
            if there != here and there not in BELOW[here]:
                yield line, f"{here}/ must not include {name}: {there or 'no layer'} is not below it"
        elif f"tests/{name}" in tree:
            if not source.is_test:
                yield line, f"{name} is the tests'; only tests may include it"
        else:
            yield line, f"{name} is neither below src/ nor below tests/"


def headers_stay_light(source, tree):
    if not source.is_header or source.path.parts[0] != "src" or source.is_test:
        return
    spoken = SPOKEN.get(layer_of("/".join(source.path.parts[1:])), ())
    for line, name, quoted in source.includes():
        if not quoted and name.startswith(HEAVY) and not name.startswith(spoken):
            yield line, f"<{name}> is slow to compile: include it in a .cpp only"


def headers_have_a_guard(source, tree):
    if source.is_header and "#pragma once" not in source.text:
        yield 1, "a header needs #pragma once"


def own_header_comes_first(source, tree):
    """So that compiling a source shows that its header needs nothing before it."""
    own = str(source.path.with_suffix(".hpp"))
    if source.path.suffix != ".cpp" or source.path.parts[0] != "src" or own not in tree:
        return
    first = next(iter(source.includes()), None)
    if first is None or f"src/{first[1]}" != own:
        yield first[0] if first else 1, f"{source.path.with_suffix('.hpp').name} is to be included first"


RULES = [includes_point_down, headers_stay_light, headers_have_a_guard, own_header_comes_first]
