"""Terraform with the real AWS provider, pointed at an AWS on this machine. Neither is looked for on the network.

The provider comes from a local mirror: a folder with `registry.terraform.io/hashicorp/aws/VERSION/PLATFORM/` in it, as `terraform providers mirror` makes it.
REKEYER_TF_PLUGINS names one; else those places are looked at where Terraform itself would, and where machines for builds keep theirs.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TREE = ROOT / "deploy" / "terraform"
MODULES = ("central", "member", "reserved-names", "stackset")
EXAMPLES = ("organization", "single-account")
_PLACES = ("~/.terraform.d/plugins", "/usr/share/terraform/plugins", "/usr/local/share/terraform/plugins", "/opt/tf-plugins")
_PROVIDER = "registry.terraform.io/hashicorp/aws"

# The endpoint comes from AWS_ENDPOINT_URL. One try only: an answer that the provider does not understand would else be asked for for minutes.
_OVERRIDE = """\
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  max_retries                 = 1
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
}
"""
#: What a workspace puts beside what it works with.
_OWN_FILES = {"endpoint_override.tf", "test.auto.tfvars.json", "plan.bin"}


def mirror() -> Path | None:
    named = os.environ.get("REKEYER_TF_PLUGINS")
    for place in [named] if named else _PLACES:
        folder = Path(place).expanduser()
        if any((folder / _PROVIDER).glob("*/*/terraform-provider-aws*")):
            return folder
    return None


def missing() -> str | None:
    """Why the real provider can't be used here, or None."""
    if shutil.which("terraform") is None:
        return "terraform is not installed"
    if mirror() is None:
        return f"no mirror of {_PROVIDER}: set REKEYER_TF_PLUGINS to one, or put it into {_PLACES[0]}"
    return None


class Failed(Exception):
    """Terraform's own words."""


class Workspace:
    """A copy of deploy/terraform, with one of its folders (or a root of the test's own) to work in."""

    def __init__(self, folder: str, endpoint: str = "http://127.0.0.1:9"):
        self._home = tempfile.TemporaryDirectory(prefix="rekeyer-terraform-")
        base = Path(self._home.name)
        shutil.copytree(TREE, base / "terraform", ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*"))
        self.folder = base / "terraform" / folder
        self.folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / ".gitignore", base / "terraform")
        self._git("init", "-q")
        self._git("add", "-A")
        (base / "terraformrc").write_text("")
        self.package = base / "package.zip"
        with zipfile.ZipFile(self.package, "w") as package:
            package.writestr("bootstrap", "#!/bin/sh\n")
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "TF_"))}
        self._environment = inherited | {
            "AWS_ENDPOINT_URL": endpoint, "AWS_EC2_METADATA_DISABLED": "true", "CHECKPOINT_DISABLE": "1",
            "TF_CLI_CONFIG_FILE": str(base / "terraformrc"), "TF_IN_AUTOMATION": "1",
        }

    def close(self) -> None:
        self._home.cleanup()

    def write(self, **files: str) -> None:
        """Files of a root of the test's own: write(main="…") makes main.tf."""
        for name, text in files.items():
            (self.folder / f"{name}.tf").write_text(text, encoding="utf-8")

    def files_left(self) -> tuple:
        """(all files that Terraform has left here, those of them that git would take for the project's); without the test's own."""
        listed = (self._git("ls-files", "--others", *ignored).splitlines() for ignored in ([], ["--exclude-standard"]))
        return tuple([name for name in names if Path(name).name not in _OWN_FILES] for names in listed)

    def _git(self, *arguments: str) -> str:
        where = Path(self._home.name) / "terraform"
        return subprocess.run(["git", *arguments], cwd=where, capture_output=True, text=True, check=True, timeout=60).stdout

    def init(self) -> None:
        self.write(endpoint_override=_OVERRIDE)
        self.run("init", "-input=false", f"-plugin-dir={mirror()}")

    def variables(self, **values) -> None:
        (self.folder / "test.auto.tfvars.json").write_text(json.dumps(values), encoding="utf-8")

    def run(self, *arguments: str, expected: tuple = (0,)) -> subprocess.CompletedProcess:
        done = subprocess.run(
            ["terraform", *arguments, "-no-color"], cwd=self.folder, env=self._environment, capture_output=True, text=True, timeout=1200
        )
        if done.returncode not in expected:
            raise Failed(f"terraform {' '.join(arguments)} ended with {done.returncode}\n{done.stdout[-4000:]}\n{done.stderr[-8000:]}")
        return done

    def apply(self, *more: str) -> None:
        self.run("apply", "-input=false", "-auto-approve", *more)

    def destroy(self) -> None:
        """As the state has it: nobody else changed anything, and looking at all of it again takes half a minute."""
        self.run("destroy", "-input=false", "-auto-approve", "-refresh=false")

    def plan(self, *more: str) -> dict:
        """What an apply would do, as Terraform's own JSON; one with errors raises."""
        self.run("plan", "-input=false", "-out=plan.bin", *more)
        return json.loads(self.run("show", "-json", "plan.bin").stdout)

    def refusals(self, *more: str) -> str:
        """The errors of a plan that must fail, on one line: Terraform wraps them anywhere."""
        done = self.run("plan", "-input=false", *more, expected=(1,))
        return " ".join(word for word in done.stderr.split() if word not in ("│", "╵", "╷"))

    def kept(self, *more: str) -> list:
        """What a plan that must fail would have destroyed, and may not; it fails for nothing else."""
        said = self.refusals(*more)
        found = re.findall(r"Error: Instance cannot be destroyed.*?Resource (\S+) has lifecycle\.prevent_destroy set", said)
        if len(found) != said.count("Error: "):
            raise Failed(said)
        return sorted(found)

    def managed(self) -> list:
        """The addresses of what Terraform looks after."""
        return [address for address in self.run("state", "list").stdout.split() if ".data." not in address and not address.startswith("data.")]

    def let_go(self, *addresses: str) -> None:
        """Terraform forgets them; they stay."""
        self.run("state", "rm", *addresses)


def changes_of(plan: dict) -> dict:
    """{address: {attribute: (before, after)}} of what is known to become different; creating and deleting show as such."""
    found = {}
    for resource in plan.get("resource_changes", []):
        change = resource["change"]
        if resource["mode"] == "data" or change["actions"] in (["no-op"], ["read"]):
            continue
        if change["actions"] != ["update"]:
            found[resource["address"]] = {"actions": change["actions"]}
            continue
        before, after, unknown = change["before"], change["after"], change["after_unknown"]
        found[resource["address"]] = {
            name: (before.get(name), after.get(name)) for name in {*before, *after} if before.get(name) != after.get(name) and not unknown.get(name)
        }
    return found
