"""What README.md and docs/sandbox.md tell the reader to type works as printed, against `rekeyer sandbox serve`."""

import importlib.util
import tempfile
import unittest
from pathlib import Path

from case import missing_needs
from printed import Shell, blocks, section
from rekeyer import ROOT


class Documents(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if why := missing_needs():
            raise unittest.SkipTest(why)
        if importlib.util.find_spec("awscli") is None:
            raise unittest.SkipTest("Python module awscli is not installed")

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="rekeyer-documents-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def printed(self, document, *titles):
        text = (ROOT / document).read_text("utf-8")
        return [command for title in titles for block in blocks(section(text, title)) for command in block]

    def count(self, commands, program):
        return sum(command.split()[0] == program for command in commands)

    def test_the_readme_shows_an_aws_of_your_own(self):
        commands = self.printed("README.md", "An AWS of your own")
        with Shell(self, self.folder) as shell:
            ran = shell.run(commands)
        self.assertGreaterEqual(self.count(ran, "aws"), 4)
        self.assertGreaterEqual(self.count(ran, "rekeyer"), 4)

    def test_the_sandbox_page(self):
        serving = self.printed("docs/sandbox.md", "Serving it")
        control = self.printed("docs/sandbox.md", "Control calls")
        with Shell(self, self.folder) as shell:
            ran = shell.run([command for command in serving if command.startswith("rekeyer sandbox")])
            self.assertEqual(len(ran), 5)
            # Then as somebody would who has chosen the first of them.
            rest = [command for command in serving + control if not command.startswith("rekeyer sandbox")]
            ran = shell.run(["rekeyer sandbox serve", *rest])
        self.assertGreaterEqual(self.count(ran, "aws"), 14)
        self.assertEqual(self.count(rest, "curl"), 6)

    def test_a_command_that_fails_is_not_overlooked(self):
        wrong = {
            "aws iam get-user --user-name nobody": "NoSuchEntity", "rekeyer explain --account 918713208211 --user nobody": "nobody",
            "curl http://127.0.0.1:5000/_sandbox/nonsense": "no control call `nonsense`", "aws iam list-userz": "list-userz",
        }
        for command, complaint in wrong.items():
            with Shell(self, Path(tempfile.mkdtemp(dir=self.folder))) as shell, self.assertRaises(AssertionError) as caught:
                shell.run([
                    "rekeyer sandbox serve", "export AWS_ENDPOINT_URL=http://127.0.0.1:5000 AWS_DEFAULT_REGION=us-east-1",
                    "export AWS_ACCESS_KEY_ID=SANDBOXADMIN918713208211 AWS_SECRET_ACCESS_KEY=sandbox-administrator", "aws iam list-users", command, "true",
                ])
            self.assertIn(f"$ {command}\n", str(caught.exception))
            self.assertIn(complaint, str(caught.exception))


if __name__ == "__main__":
    unittest.main()
