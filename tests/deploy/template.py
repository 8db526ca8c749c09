"""CloudFormation templates as data: read with their short forms, and worked out for given parameters as CloudFormation would.

`Template(path)` refuses duplicate keys, which CloudFormation takes silently (the last one wins). `.with_parameters(…)` gives an `Evaluation`:
conditions, rules, and any value of the template with its functions resolved. Attributes of resources that only AWS knows come out as
`<Resource.Attribute>`.
"""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "deploy" / "cloudformation"
NOTHING = object()  # AWS::NoValue


class DuplicateKey(Exception):
    pass


class _Loader(yaml.SafeLoader):
    pass


def _function(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix in ("Ref", "Condition"):
        return {suffix: value}
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {f"Fn::{suffix}": value}


def _mapping(loader, node, deep=False):
    keys = [loader.construct_object(key, deep=True) for key, _ in node.value]
    twice = {key for key in keys if keys.count(key) > 1}
    if twice:
        raise DuplicateKey(f"line {node.start_mark.line + 1}: {', '.join(map(str, twice))} stands there twice")
    return yaml.SafeLoader.construct_mapping(loader, node, deep)


_Loader.add_multi_constructor("!", _function)
_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, lambda loader, node: _mapping(loader, node, True))


def read(text: str) -> dict:
    return yaml.load(text, _Loader)  # noqa: S506: a SafeLoader with CloudFormation's tags


class Template:
    def __init__(self, path):
        self.path = Path(path)
        self.text = self.path.read_text("utf-8")
        self.body = read(self.text)
        self.parameters = self.body.get("Parameters", {})
        self.resources = self.body["Resources"]

    def with_parameters(self, **values):
        return Evaluation(self, values)

    def of_type(self, kind) -> dict:
        return {name: resource for name, resource in self.resources.items() if resource["Type"] == kind}

    def references(self) -> set:
        """Every name that is referred to outside Parameters, in a Ref or inside a Sub; without those of pseudo parameters."""
        found = set()

        def visit(value):
            if isinstance(value, dict):
                for key, inner in value.items():
                    if key == "Ref":
                        found.add(inner)
                    elif key == "Fn::GetAtt":
                        found.add(inner[0])
                    elif key == "Fn::Sub":
                        text, names = inner if isinstance(inner, list) else (inner, {})
                        found.update(name.split(".")[0] for name in re.findall(r"\$\{([A-Za-z0-9.]+)\}", text) if name not in names)
                        visit(names)
                    elif key == "DependsOn":
                        found.update([inner] if isinstance(inner, str) else inner)
                    else:
                        visit(inner)
            elif isinstance(value, list):
                for item in value:
                    visit(item)

        for section, content in self.body.items():
            if section not in ("Parameters", "Metadata"):
                visit(content)
        return found


class Evaluation:
    """One template with parameters; unknown and missing ones, and values that their AllowedPattern refuses, are errors."""

    PSEUDO = {
        "AWS::Partition": "aws", "AWS::Region": "eu-central-1", "AWS::AccountId": "999999999999", "AWS::URLSuffix": "amazonaws.com",
        "AWS::StackName": "stack",
    }

    def __init__(self, template, values):
        self.template = template
        self.values = {}
        unknown = set(values) - set(template.parameters)
        if unknown:
            raise ValueError(f"{template.path.name} has no parameter {', '.join(sorted(unknown))}")
        for name, declared in template.parameters.items():
            if name not in values and "Default" not in declared:
                raise ValueError(f"{template.path.name}: {name} has no default")
            value = str(values.get(name, declared.get("Default")))
            pattern = declared.get("AllowedPattern")
            if pattern and not re.fullmatch(pattern, value):
                raise ValueError(f"{name}={value!r}: {declared.get('ConstraintDescription')}")
            allowed = [str(item) for item in declared.get("AllowedValues", [value])]
            if value not in allowed:
                raise ValueError(f"{name}={value!r}: one of {allowed}")
            listed = declared["Type"] == "CommaDelimitedList" or declared["Type"].startswith("List<")
            self.values[name] = value.split(",") if listed else value

    def holds(self, condition) -> bool:
        return self._truth({"Condition": condition})

    def broken_rules(self) -> list:
        broken = []
        for name, rule in self.template.body.get("Rules", {}).items():
            if "RuleCondition" in rule and not self._truth(rule["RuleCondition"]):
                continue
            broken += [name for assertion in rule["Assertions"] if not self._truth(assertion["Assert"])]
        return broken

    def exists(self, resource) -> bool:
        condition = self.template.resources[resource].get("Condition")
        return condition is None or self.holds(condition)

    def properties(self, resource) -> dict:
        return self.value(self.template.resources[resource]["Properties"])

    def statements(self, role) -> list:
        """Of the role's inline policies."""
        return [statement for policy in self.properties(role)["Policies"] for statement in policy["PolicyDocument"]["Statement"]]

    def value(self, node):
        if isinstance(node, list):
            return [item for item in map(self.value, node) if item is not NOTHING]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            (key, inner), = node.items()
            if key == "Ref":
                return self._ref(inner)
            if key.startswith("Fn::"):
                return getattr(self, "_" + key.removeprefix("Fn::").lower())(inner)
        worked_out = ((key, self.value(inner)) for key, inner in node.items())
        return {key: value for key, value in worked_out if value is not NOTHING}

    def _ref(self, name):
        if name == "AWS::NoValue":
            return NOTHING
        if name in self.PSEUDO:
            return self.PSEUDO[name]
        if name in self.values:
            return self.values[name]
        return self._named(name)

    def _named(self, name):
        resource = self.template.resources[name]
        if resource["Type"] == "AWS::SSM::Parameter":
            return self.value(resource["Properties"]["Name"])
        return f"<{name}>"

    def _getatt(self, where):
        assert where[0] in self.template.resources, where
        return "<" + ".".join(where) + ">"

    def _if(self, parts):
        return self.value(parts[1] if self.holds(parts[0]) else parts[2])

    def _join(self, parts):
        return parts[0].join(str(item) for item in self.value(parts[1]))

    def _split(self, parts):
        return self.value(parts[1]).split(parts[0])

    def _select(self, parts):
        return self.value(parts[1])[int(parts[0])]

    def _sub(self, inner):
        text, names = inner if isinstance(inner, list) else (inner, {})

        def one(match):
            name = match[1]
            if name in names:
                return str(self.value(names[name]))
            return str(self._getatt(name.split(".", 1)) if "." in name else self._ref(name))

        return re.sub(r"\$\{([A-Za-z0-9:.]+)\}", one, text)

    def _truth(self, node) -> bool:
        (key, inner), = node.items()
        if key == "Condition":
            return self._truth(self.template.body["Conditions"][inner])
        if key == "Fn::Equals":
            left, right = (str(self.value(side)) for side in inner)
            return left == right
        if key == "Fn::Not":
            return not self._truth(inner[0])
        if key in ("Fn::And", "Fn::Or"):
            assert 2 <= len(inner) <= 10, f"{key} takes 2 to 10 conditions, not {len(inner)}"
            return (all if key == "Fn::And" else any)(self._truth(item) for item in inner)
        raise AssertionError(f"{key} is no condition")
