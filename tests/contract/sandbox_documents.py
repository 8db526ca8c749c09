"""What README.md, docs/sandbox.md and docs/first-account.md tell the reader to type works as printed, against `rekeyer sandbox serve`."""

import importlib.util
import json
import re
import tempfile
import unittest
import urllib.request
from pathlib import Path

from case import missing_needs
from printed import Shell, blocks, section, steps
from rekeyer import ROOT


#: The accounts, users and units that the README names; the reader's credentials are those of the management account's runner.
DUE = [{"age": 95, "used": 1}]
READERS_WORLD = {
    "management": "111111111111",
    "ous": [{"name": "First", "id": "ou-ab12-cdef3456"}],
    "accounts": [
        {"id": "111111111111", "mail_identities": ["example.com"], "users": [{"name": "ann", "keys": DUE}]},
        {"id": "222222222222", "ou": "First", "users": [{"name": "ci-deploy", "keys": DUE}]},
    ],
}
READER = {"AWS_ACCESS_KEY_ID": "SANDBOXADMIN111111111111", "AWS_SECRET_ACCESS_KEY": "sandbox-administrator", "AWS_DEFAULT_REGION": "us-east-1"}
OWNER = "SANDBOXADMIN222222222222"
#: What needs a compiler or a real AWS: proved by tests/package and tests/deploy.
ELSEWHERE = ("make ", "deploy/")
NOT_RUN = [
    "make lambda", "deploy/scripts/deploy.sh --package build/package/rekeyer-lambda-x86_64.zip --region eu-central-1 --plan",
]


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

    def test_the_first_real_run_can_be_followed_to_its_end(self):
        """Each step as it stands, in order, in one folder: what is to be put into rekeyer.toml is put at its end."""
        followed = steps(section((ROOT / "README.md").read_text("utf-8"), "A first real run"))
        self.assertEqual(len(followed), 6)
        (self.folder / "world.json").write_text(json.dumps(READERS_WORLD))
        self.config = self.folder / "rekeyer.toml"
        ran, pasted = [], 0
        with Shell(self, self.folder) as shell:
            shell.run(["rekeyer sandbox serve --world world.json", *(f"export {name}={value}" for name, value in READER.items())])
            shell.run([f"export AWS_ENDPOINT_URL={shell.url}"])
            for number, step in enumerate(followed, 1):
                if number == 2:
                    self.edit(r'^\[accounts\]\n"111111111111" = .*\n', "")  # "remove `[accounts]` again"
                for kind, words in step:
                    if kind == "config":
                        self.config.write_text(self.config.read_text() + "\n" + "\n".join(words) + "\n")
                        shell.run(["rekeyer config check"])
                        pasted += 1
                    elif words.startswith("$EDITOR "):
                        self.assertIn('uncomment [accounts] and put your account: "111111111111" = ["*"]', words)
                        self.edit(r"^#\[accounts\]\n(#? .*\n)*#.*\n", '[accounts]\n"111111111111" = ["*"]\n')
                    elif words.startswith("aws "):  # "owners read their new key with"
                        ran += shell.run([f"export AWS_ACCESS_KEY_ID={OWNER}", words, f"export AWS_ACCESS_KEY_ID={READER['AWS_ACCESS_KEY_ID']}"])
                    elif not words.startswith(ELSEWHERE):
                        ran += shell.run([words + " --yes" if words.startswith("rekeyer apply") else words])
        self.assertEqual([line for step in followed for kind, line in step if kind == "command" and line.startswith(ELSEWHERE)], NOT_RUN)
        self.assertEqual(pasted, 1)
        self.assertEqual((self.count(ran, "rekeyer"), self.count(ran, "aws")), (11, 1))
        self.assertIn("ci-deploy", (self.folder / "audit.csv").read_text())

    def test_the_first_hour_on_a_real_account(self):
        """Every command of the page in its order, by the profile that it names; where it would ask, --yes answers."""
        (self.folder / "world.json").write_text(json.dumps({"accounts": [{"id": "123456789012", "users": [{"name": "ann", "keys": DUE}]}]}))
        profile = self.folder / ".aws/credentials"
        profile.parent.mkdir()
        profile.write_text("[first-account]\naws_access_key_id = SANDBOXADMIN123456789012\naws_secret_access_key = sandbox-administrator\n")
        page = (ROOT / "docs/first-account.md").read_text("utf-8")
        commands = [self.answered(command) for block in blocks(page) for command in block]
        with Shell(self, self.folder) as shell:
            shell.run(["rekeyer sandbox serve --world world.json"])
            before = self.world(shell)
            shell.run([f"export AWS_ENDPOINT_URL={shell.url}", *commands])
            self.assertEqual(self.world(shell), before)
        self.assertEqual((self.count(commands, "rekeyer"), self.count(commands, "aws")), (10, 7))
        found = json.loads((self.folder / "probe.json").read_text())
        self.assertEqual((found["totals"]["different"], found["left"]), (0, []))

    def answered(self, command):
        words = command.split("#")[0].rstrip()
        if words == "rekeyer probe --format json --yes > probe.json":
            return "rekeyer probe --format json --yes --only sns > probe.json"  # minutes of waiting: test_probe has them
        asks = re.match(r"rekeyer (rotate|probe)\b", words) and "--list" not in words and "--yes" not in words
        return words + " --yes" if asks else words

    def world(self, shell):
        """The users and secrets that are there."""
        with urllib.request.urlopen(f"{shell.url}/_sandbox/world", timeout=60) as reply:
            accounts = json.load(reply)["accounts"]
        return [(account["id"], [user["name"] for user in account.get("users", [])], [secret["name"] for secret in account.get("secrets", [])]) for account in accounts]

    def edit(self, pattern, text):
        """As somebody with an editor would: what is looked for must be there, once."""
        changed, times = re.subn(pattern, lambda _: text, self.config.read_text(), flags=re.M)
        self.assertEqual(times, 1, f"{pattern} in\n{self.config.read_text()}")
        self.config.write_text(changed)

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
