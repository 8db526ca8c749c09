"""Tests that can pass without having looked at anything: a loop that asserts must be known to go round at least once."""

import ast

#: the builtins that give as many as they are given
SAME_LENGTH = {"enumerate", "sorted", "list", "tuple", "set", "dict", "reversed", "iter", "map"}
SAME_MEMBERS = {"items", "values", "keys", "split", "splitlines", "copy"}


def _asserts(node) -> bool:
    if isinstance(node, ast.Assert):
        return True
    called = node.func if isinstance(node, ast.Call) else None
    return isinstance(called, ast.Attribute) and called.attr.startswith("assert")


def _name(node) -> str:
    """Of `name`, `a.name`, `name[…]`, `a.name[…].b`: the name that says whether it is a constant."""
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        if isinstance(node, ast.Attribute) and node.attr.isupper():
            return node.attr
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


class _Function:
    """What is known of the lists in one function."""

    def __init__(self, function):
        self._function = function
        self._given = {argument.arg for argument in ast.walk(function.args) if isinstance(argument, ast.arg)} - {"self", "cls"}
        self._assigned = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    self._assign(target, node.value)
            elif isinstance(node, (ast.For, ast.comprehension)):
                # What an element holds is its author's business where the list is written down; see `holds`.
                for name in ast.walk(node.target):
                    if isinstance(name, ast.Name):
                        self._assigned.setdefault(name.id, []).append(node.iter)

    def _assign(self, target, value) -> None:
        if isinstance(target, ast.Name):
            self._assigned.setdefault(target.id, []).append(value)
        elif isinstance(target, ast.Tuple):
            parts = value.elts if isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts) else [value] * len(target.elts)
            for one, part in zip(target.elts, parts, strict=True):
                self._assign(one, part)

    def holds(self, node, seen=()) -> bool:
        """Whether it surely has a member: written down here or as a constant, made of such, or handed in by a caller."""
        if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
            return any(not isinstance(one, ast.Starred) or self.holds(one.value, seen) for one in node.elts)
        if isinstance(node, ast.Dict):
            return bool(node.keys)
        if isinstance(node, ast.Constant):
            return bool(node.value)
        if isinstance(node, ast.BinOp):
            return isinstance(node.op, ast.Add) and (self.holds(node.left, seen) or self.holds(node.right, seen)) or (
                isinstance(node.op, (ast.Mult, ast.BitOr)) and self.holds(node.left, seen))
        if isinstance(node, ast.IfExp):
            return self.holds(node.body, seen) and self.holds(node.orelse, seen)
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)):
            return all(not part.ifs and self.holds(part.iter, seen) for part in node.generators)
        if isinstance(node, ast.Call):
            return self._call_holds(node, seen)
        name = _name(node)
        if name.isupper() or name in self._given:
            return True
        if name in seen or name not in self._assigned:
            return False
        return all(self.holds(value, (*seen, name)) for value in self._assigned[name])

    def _call_holds(self, node, seen) -> bool:
        if isinstance(node.func, ast.Attribute):
            return node.func.attr in SAME_MEMBERS and self.holds(node.func.value, seen)
        called = getattr(node.func, "id", "")
        if called == "zip":
            return all(self.holds(argument, seen) for argument in node.args)
        if called == "range":
            return True
        return called in SAME_LENGTH and bool(node.args) and self.holds(node.args[-1], seen)

    def looked_at(self, node, loop) -> bool:
        """Whether an assertion outside the loop is about the same list."""
        within = set(map(id, ast.walk(loop)))
        wanted = {ast.dump(one) for one in self._sources(node)}
        for assertion in ast.walk(self._function):
            if _asserts(assertion) and id(assertion) not in within:
                if wanted & {ast.dump(part) for part in ast.walk(assertion)}:
                    return True
        return False

    def _sources(self, node) -> list:
        """The lists that it is made of: `x` of `sorted(x.items())`."""
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and node.func.attr in SAME_MEMBERS:
                return self._sources(node.func.value)
            if getattr(node.func, "id", "") in SAME_LENGTH | {"zip"}:
                return [source for argument in node.args for source in self._sources(argument)]
        return [node]


def a_loop_that_asserts_goes_round(source, tree):
    if source.path.suffix != ".py" or "test" not in "/".join(source.path.parts):
        return
    try:
        parsed = ast.parse(source.text)
    except SyntaxError:
        return
    for function in ast.walk(parsed):
        if not isinstance(function, ast.FunctionDef):
            continue
        known = _Function(function)
        for loop in ast.walk(function):
            if isinstance(loop, ast.For) and any(_asserts(node) for part in loop.body for node in ast.walk(part)):
                if not known.holds(loop.iter) and not known.looked_at(loop.iter, loop):
                    yield loop.lineno, f"`{ast.unparse(loop.iter)}` may be empty, and then nothing is asserted: assert what or how many it holds"


RULES = [a_loop_that_asserts_goes_round]
