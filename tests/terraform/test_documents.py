"""What needs no Terraform: copies that must be equal, tables that must be true, and settings that must fit together."""

import re
import unittest

import tables
from terraform import EXAMPLES, MODULES, TREE

#: a module must work when its folder alone is fetched, so these lie there a second time
COPIES = {
    TREE / "modules/central/rekeyer.asl.json": TREE.parent / "state-machine/rekeyer.asl.json",
    TREE / "modules/stackset/member-role.yaml": TREE.parent / "cloudformation/member-role.yaml",
}


class Documents(unittest.TestCase):
    def test_copies_are_equal(self):
        for copy, source in COPIES.items():
            self.assertEqual(copy.read_text("utf-8"), source.read_text("utf-8"), f"cp {source} {copy}")

    def test_tables_are_true(self):
        for module in MODULES:
            text = tables.readme(module).read_text("utf-8")
            self.assertEqual(text, tables.with_tables(module, text), f"{module}: python3 tests/terraform/tables.py --write")

    def test_tables_are_complete(self):
        """The reader of variables.tf is a simple one: it must have seen every block."""
        for module in MODULES:
            for file, kind in (("variables.tf", "variable"), ("outputs.tf", "output")):
                path = TREE / "modules" / module / file
                seen = tables.blocks(path, kind)
                self.assertEqual([name for name, _ in seen], re.findall(rf'^{kind} "(\w+)"', path.read_text("utf-8"), re.MULTILINE), path)
                for name, attributes in seen:
                    self.assertTrue(attributes.get("description"), f"{path}: {name} has no description")
                    self.assertTrue(kind == "output" or attributes.get("type"), f"{path}: {name} has no type")

    def test_every_parameter_of_the_template_is_given(self):
        template = (TREE / "modules/stackset/member-role.yaml").read_text("utf-8")
        parameters = re.search(r"^Parameters:\n(.*?)^\S", template, re.MULTILINE | re.DOTALL)[1]
        given = re.search(r"^  parameters = {\n(.*?)^  }", (TREE / "modules/stackset/main.tf").read_text("utf-8"), re.MULTILINE | re.DOTALL)[1]
        self.assertEqual(sorted(re.findall(r"^  (\w+):", parameters, re.MULTILINE)), sorted(re.findall(r"^    (\w+) +=", given, re.MULTILINE)))

    def test_variables_of_the_state_machine_are_given(self):
        wanted = set(re.findall(r"\$\{(\w+)\}", (TREE / "modules/central/rekeyer.asl.json").read_text("utf-8")))
        call = re.search(r"templatefile\((.*?)\n  }\)", (TREE / "modules/central/state_machine.tf").read_text("utf-8"), re.DOTALL)[1]
        self.assertEqual(wanted, set(re.findall(r"^    (\w+) +=", call, re.MULTILINE)))

    def test_no_version_of_the_provider_is_taken_that_nobody_has_seen(self):
        """A new major version takes attributes away; which one it may be is said alike everywhere."""
        files = [TREE / "modules" / module / "versions.tf" for module in MODULES] + [TREE / "examples" / example / "main.tf" for example in EXAMPLES]
        for path in files:
            self.assertEqual(re.findall(r'source += "hashicorp/aws"\n +version = "(.*)"', path.read_text("utf-8")), [">= 5.95, < 7"], path)

    def test_stack_sets_operations_are_as_in_cloudformation(self):
        template = (TREE.parent / "cloudformation/stackset.yaml").read_text("utf-8")
        tolerance, together = re.search(r"FailureTolerancePercentage: (\d+), MaxConcurrentPercentage: (\d+)", template).groups()
        found = re.findall(r"failure_tolerance_percentage = (\d+)\n +max_concurrent_percentage += (\d+)", (TREE / "modules/stackset/main.tf").read_text("utf-8"))
        self.assertEqual(found, [(tolerance, together)] * 2)

    def test_modules_configure_no_provider(self):
        """Whoever uses them does, and no endpoint of a test has slipped in."""
        for module in MODULES:
            files = list((TREE / "modules" / module).glob("*.tf"))
            self.assertIn("versions.tf", [path.name for path in files])
            for path in files:
                self.assertNotRegex(path.read_text("utf-8"), r'(?m)^provider "', path)
        for example in EXAMPLES:
            self.assertNotIn("endpoint", (TREE / "examples" / example / "main.tf").read_text("utf-8"))


if __name__ == "__main__":
    unittest.main()
