"""Policy statements out of deployment templates: CloudFormation's YAML and Terraform's HCL. What a template does not spell out is a wild piece.

A statement is {"sid", "effect", "actions", "resources"}; both branches of a condition count, as each is deployed by somebody.
"""

import re

#: Stands for what only a deployment knows: a parameter without a default, an attribute, an expression.
WILD = "\0"


def listed(value) -> list:
    return value if isinstance(value, list) else [value]


# --- comparing


def meets(one: str, other: str) -> bool:
    """Is there a text that both could stand for? Only wild pieces are open; a `*` is itself."""
    reached = {(0, 0)}
    todo = [(0, 0)]
    while todo:
        i, j = todo.pop()
        if i == len(one) and j == len(other):
            return True
        a, b = one[i : i + 1], other[j : j + 1]
        steps = []
        if a == WILD:
            steps += [(i + 1, j)] + ([(i, j + 1)] if b else [])
        if b == WILD:
            steps += [(i, j + 1)] + ([(i + 1, j)] if a else [])
        if a and a == b:
            steps.append((i + 1, j + 1))
        for step in steps:
            if step not in reached:
                reached.add(step)
                todo.append(step)
    return False


def opened(generated: str) -> str:
    """A generated resource with its placeholders wild, and with its region and account: a template is for any."""
    text = re.sub(r"<[A-Z_]+>", WILD, generated)
    parts = text.split(":", 5)
    if len(parts) == 6 and parts[2] not in ("s3", "iam"):
        parts[3] = parts[3] and WILD
        parts[4] = parts[4] and WILD
    return ":".join(parts)


# --- CloudFormation


def load_template(text: str) -> dict:
    """The template with its short functions (!Sub) written out ({"Fn::Sub": …})."""
    import yaml

    class Loader(yaml.SafeLoader):
        pass

    def function(loader, suffix, node):
        name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
        if isinstance(node, yaml.ScalarNode):
            return {name: loader.construct_scalar(node)}
        if isinstance(node, yaml.SequenceNode):
            return {name: loader.construct_sequence(node, deep=True)}
        return {name: loader.construct_mapping(node, deep=True)}

    Loader.add_multi_constructor("!", function)
    return yaml.load(text, Loader)


class Template:
    def __init__(self, text: str):
        self.document = load_template(text)
        self.known = {"AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com"}
        for name, parameter in (self.document.get("Parameters") or {}).items():
            # Whoever deploys may say otherwise, but the names of roles are what the default says.
            if parameter.get("Default") and "Name" in name and "Pattern" not in name:
                self.known[name] = str(parameter["Default"])
        self.resources = self.document.get("Resources") or {}

    def texts(self, value) -> list:
        """All that a value can come to, branch by branch."""
        if isinstance(value, list):
            return [text for item in value for text in self.texts(item)]
        if not isinstance(value, dict):
            return [str(value)]
        if "Fn::If" in value:
            return [text for branch in value["Fn::If"][1:] for text in self.texts(branch)]
        if value.get("Ref") == "AWS::NoValue":
            return []
        if "Ref" in value:
            return [self.known.get(value["Ref"], WILD)]
        if "Fn::Sub" in value:
            given = value["Fn::Sub"]
            text, own = (given, {}) if isinstance(given, str) else (given[0], given[1])
            return [re.sub(r"\$\{([^}]+)\}", lambda found: WILD if found[1] in own else self.known.get(found[1], WILD), text)]
        return [WILD]

    def branches(self, value) -> list:
        """Statements of a list with conditions in it."""
        if isinstance(value, list):
            return [one for item in value for one in self.branches(item)]
        if isinstance(value, dict) and "Fn::If" in value:
            return [one for branch in value["Fn::If"][1:] for one in self.branches(branch)]
        return [value] if isinstance(value, dict) and "Effect" in value else []

    def statements(self, document) -> list:
        return [
            {"sid": s.get("Sid", ""), "effect": s["Effect"], "actions": self.texts(s["Action"]), "resources": self.texts(s.get("Resource", []))}
            for s in self.branches(document.get("Statement", []))
        ]

    def roles(self) -> dict:
        """{what the role's name ends in, or its logical id: its statements}, inline and attached policies alike."""
        found = {}
        for logical, resource in self.resources.items():
            if resource.get("Type") != "AWS::IAM::Role":
                continue
            properties = resource["Properties"]
            name = (self.texts(properties.get("RoleName", logical)) or [logical])[0].replace(WILD, "")
            policies = listed(properties.get("Policies", []))
            policies += [
                other["Properties"] for other in self.resources.values()
                if other.get("Type") in ("AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::ManagedPolicy") and f"'{logical}'" in str(other["Properties"])
            ]
            found[name or logical] = [s for policy in policies if "PolicyDocument" in policy for s in self.statements(policy["PolicyDocument"])]
        return found


# --- Terraform


def _without_comments(text: str) -> str:
    return re.sub(r"(?m)(^|\s)(#|//).*$", "", re.sub(r"(?s)/\*.*?\*/", "", text))


def _enclosing(text: str, at: int) -> str:
    """The innermost {…} around a place; braces inside of strings are interpolations, and come in pairs."""
    depth, begin = 0, at
    while begin > 0:
        begin -= 1
        depth += {"}": 1, "{": -1}.get(text[begin], 0)
        if depth < 0:
            break
    depth, end = 0, begin
    while end < len(text):
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        end += 1
        if depth == 0:
            break
    return text[begin:end]


def _value_of(block: str, *names) -> str:
    """What is assigned to a member: a string, a list, a call of a function with its arguments, or an expression up to the line's end."""
    found = re.search(rf"(?m)^\s*(?:{'|'.join(names)})\s*=\s*", block)
    if not found:
        return ""
    rest = block[found.end() :]
    opening = re.match(r"\w*[\[(]", rest)
    if not opening:
        return rest.split("\n", 1)[0]
    depth = 0
    for place in range(opening.end() - 1, len(rest)):
        depth += {"[": 1, "(": 1, "]": -1, ")": -1}.get(rest[place], 0)
        if depth == 0:
            return rest[: place + 1]
    return rest


def _strings(expression: str) -> list:
    """The strings of an expression, interpolations wild; an expression without any is wild itself."""
    found = re.findall(r'"((?:[^"\\$]|\\.|\$\{(?:[^{}"]|"[^"]*")*\}|\$)*)"', expression)
    texts = [re.sub(r"\$\{[^}]*partition[^}]*\}", "aws", text) for text in found]
    return [re.sub(r"\$\{(?:[^{}\"]|\"[^\"]*\")*\}", WILD, text) for text in texts if text] or [WILD]


def terraform_statements(text: str) -> list:
    plain = _without_comments(text)
    found = []
    for place in re.finditer(r'(?m)^\s*[Ss]id\s*=\s*"([A-Za-z0-9]+)"', plain):
        block = _enclosing(plain, place.start(1))
        resources = _value_of(block, "Resource", "resources")
        effect = _strings(_value_of(block, "Effect", "effect") or '"Allow"')
        found.append({
            "sid": place[1], "effect": effect[0], "actions": _strings(_value_of(block, "Action", "actions")), "resources": _strings(resources) if resources else [],
        })
    return found
