"""Completion as somebody meets it who presses Tab: the same answers from bash, zsh and fish themselves."""

import subprocess
import unittest

import shells
from case import BINARY, PackageTest, needs

GLOBAL = ["--color", "--config", "--endpoint-url", "--log-format", "--log-level", "--profile", "--region"]


class Completion:
    """The questions; each shell is a class below."""

    shell = ""
    ask = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.completion = cls.scratch / "script"
        cls.completion.write_bytes(subprocess.run([BINARY, "completion", cls.shell], capture_output=True, check=True).stdout)
        cls.files = cls.scratch / "files"
        cls.files.mkdir()
        for name in ("world.json", "with space.toml"):
            (cls.files / name).write_text("")

    def offered(self, line) -> list:
        # fish and zsh offer a file as it must be typed.
        return [offer.replace("\\ ", " ") for offer in type(self).ask(self.completion, line, self.files)]

    def test_commands(self):
        offered = self.offered("rekeyer ")
        self.assertTrue({"plan", "apply", "sandbox", "config", "completion", "manual"} <= set(offered), offered)
        self.assertEqual(self.offered("rekeyer app"), ["apply"])
        self.assertEqual(self.offered("rekeyer sandbox "), ["generate", "serve"])

    def test_commands_after_flags_with_values(self):
        self.assertEqual(self.offered("rekeyer --profile plan --region eu-west-1 app"), ["apply"])
        self.assertEqual(self.offered("rekeyer --log-level debug sandbox --profile x gen"), ["generate"])

    def test_flags_of_the_command_and_global_ones(self):
        offered = self.offered("rekeyer apply --account 111111111111 --")
        self.assertTrue({"--max-changes", "--yes", "--ou", "--format", *GLOBAL} <= set(offered), offered)
        self.assertFalse({"--at", "--port", "--exit-code"} & set(offered), offered)
        self.assertEqual(self.offered("rekeyer sandbox serve --por"), ["--port"])
        self.assertEqual([flag for flag in self.offered("rekeyer --") if flag in GLOBAL], GLOBAL)

    def test_values_of_a_choice(self):
        self.assertEqual(self.offered("rekeyer plan --format "), ["csv", "json", "table"])
        self.assertEqual(self.offered("rekeyer explain --format "), ["json", "table"])
        self.assertEqual(self.offered("rekeyer plan --color "), ["auto", "off", "on"])
        self.assertEqual(self.offered("rekeyer --log-level d"), ["debug"])
        self.assertEqual(self.offered("rekeyer completion "), ["bash", "fish", "zsh"])

    def test_files_where_a_file_is_meant(self):
        for line in ("rekeyer plan --config w", "rekeyer sandbox serve --world w", "rekeyer config init w"):
            self.assertEqual(self.offered(line), ["with space.toml", "world.json"], line)

    def test_nothing_where_only_the_writer_knows(self):
        for line in ("rekeyer plan --account ", "rekeyer --profile ", "rekeyer plan --at "):
            self.assertEqual(self.offered(line), [], line)


@needs("bash")
class Bash(Completion, PackageTest):
    shell, ask = "bash", shells.bash

    def test_a_value_behind_an_equals_sign(self):
        self.assertEqual(self.offered("rekeyer plan --format=j"), ["json"])
        self.assertEqual(self.offered("rekeyer plan --format="), ["csv", "json", "table"])
        self.assertEqual(self.offered("rekeyer --profile=apply sandbox g"), ["generate"])

    def test_syntax(self):
        subprocess.run(["bash", "-n", self.completion], check=True)


@needs("zsh")
class Zsh(Completion, PackageTest):
    shell, ask = "zsh", shells.zsh

    def test_syntax(self):
        subprocess.run(["zsh", "-n", self.completion], check=True)


@needs("fish")
class Fish(Completion, PackageTest):
    shell, ask = "fish", shells.fish

    def test_syntax(self):
        subprocess.run(["fish", "-n", self.completion], check=True)


if __name__ == "__main__":
    unittest.main()
