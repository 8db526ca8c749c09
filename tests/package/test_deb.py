"""The Debian package: installed into a folder of its own and looked at there, as dpkg, man and systemd see it."""

import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
import unittest

from case import BINARY, ROOT, PackageTest, needs

sys.path.insert(0, str(ROOT / "packaging"))
import release  # noqa: E402

DOCUMENTS = "usr/share/doc/rekeyer"


def output(*command, **more) -> str:
    done = subprocess.run(command, capture_output=True, text=True, **more)
    if done.returncode != 0:
        raise AssertionError(f"{command}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


@needs("dpkg-deb")
class Deb(PackageTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.package = cls.built("package_deb", "rekeyer.deb")
        cls.root = cls.scratch / "root"
        output("dpkg-deb", "-x", cls.package, cls.root)

    def field(self, name) -> str:
        return output("dpkg-deb", "--field", self.package, name).strip()

    def listed(self) -> dict:
        """name → (mode, owner) of everything that is installed."""
        rows = (line.split(None, 5) for line in output("dpkg-deb", "--contents", self.package).splitlines())
        return {row[5].removeprefix("./").rstrip("/"): (row[0], row[1]) for row in rows}

    def test_names_itself(self):
        self.assertEqual(self.field("Package"), "rekeyer")
        self.assertEqual(self.field("Version"), release.version())
        self.assertEqual(self.field("Architecture"), "amd64")
        self.assertEqual(self.field("Depends"), "ca-certificates", "a static binary needs no library")
        self.assertRegex(self.field("Description"), r"\Arotates .*\n(?: .+\n?)+\Z")

    def test_the_units_are_those_that_systemd_is_shown_below(self):
        for name in ("rekeyer.service", "rekeyer.timer"):
            self.assertEqual((self.root / "lib/systemd/system" / name).read_text(), (ROOT / "packaging/systemd" / name).read_text())

    def test_everything_is_in_its_standard_place(self):
        listed = self.listed()
        for name in (
            "usr/bin/rekeyer", "usr/share/man/man1/rekeyer.1.gz", "usr/share/bash-completion/completions/rekeyer",
            "usr/share/zsh/vendor-completions/_rekeyer", "usr/share/fish/vendor_completions.d/rekeyer.fish",
            "lib/systemd/system/rekeyer.service", "lib/systemd/system/rekeyer.timer", "etc/rekeyer", "etc/default/rekeyer",
            f"{DOCUMENTS}/copyright", f"{DOCUMENTS}/changelog.gz", f"{DOCUMENTS}/licences.gz", f"{DOCUMENTS}/examples/rekeyer.toml",
            f"{DOCUMENTS}/configuration.md",
        ):
            self.assertIn(name, listed)
        self.assertEqual({owner for _, owner in listed.values()}, {"root/root"})
        self.assertEqual(listed["usr/bin/rekeyer"][0], "-rwxr-xr-x")
        self.assertEqual(listed["etc/default/rekeyer"][0], "-rw-r-----", "credentials may be written there")
        writable = [name for name, (mode, _) in listed.items() if mode[5] == "w" or mode[8] == "w"]
        self.assertEqual(writable, [], "for others to write")

    def test_the_timer_is_installed_and_not_enabled(self):
        self.assertEqual([name for name in self.listed() if ".wants" in name], [])
        scripts = self.scratch / "control"
        output("dpkg-deb", "-e", self.package, scripts)
        for name in ("postinst", "prerm", "postrm"):
            text = (scripts / name).read_text()
            self.assertNotRegex(text, r"systemctl[^\n]* enable|deb-systemd-helper enable")
            output("sh", "-n", scripts / name)
            self.assertTrue(os.access(scripts / name, os.X_OK), name)

    def test_the_checksums_are_those_of_the_files(self):
        scripts = self.scratch / "sums"
        output("dpkg-deb", "-e", self.package, scripts)
        output("md5sum", "--check", "--quiet", scripts / "md5sums", cwd=self.root)
        self.assertEqual((scripts / "conffiles").read_text(), "/etc/default/rekeyer\n")

    def test_two_builds_are_the_same(self):
        again = self.built("package_deb", "again.deb")
        self.assertEqual(*(hashlib.sha256(path.read_bytes()).hexdigest() for path in (self.package, again)))

    def test_the_program_runs_from_there(self):
        self.assertEqual((self.root / "usr/bin/rekeyer").read_bytes(), BINARY.read_bytes())
        said = output(self.root / "usr/bin/rekeyer", "--version", env={})
        self.assertEqual(said, f"rekeyer {release.version()}\n")
        example = self.root / DOCUMENTS / "examples/rekeyer.toml"
        self.assertIn("good", output(self.root / "usr/bin/rekeyer", "config", "check", "--config", example, env={}))

    @unittest.skipIf(os.geteuid() != 0, "dpkg --root needs root")
    def test_dpkg_installs_and_removes_it(self):
        root = self.scratch / "installed"
        database = root / "var/lib/dpkg"
        (database / "updates").mkdir(parents=True)
        (database / "info").mkdir()
        (database / "status").write_text("")
        # The maintainer's scripts run in the new root, which has no shell: they are tested by what they must not do, above.
        dpkg = ["dpkg", f"--root={root}", "--force-depends", "--force-script-chrootless", "--log=/dev/null"]
        paths = os.environ | {"PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}
        output(*dpkg, "--install", self.package, env=paths)
        self.assertIn("ii  rekeyer", output("dpkg", f"--root={root}", "--list", "rekeyer", env=paths | {"COLUMNS": "200"}))
        self.assertEqual(output(root / "usr/bin/rekeyer", "--version", env={}), f"rekeyer {release.version()}\n")
        output(*dpkg, "--purge", "rekeyer", env=paths)
        self.assertEqual([str(path) for path in root.rglob("*rekeyer*") if database not in path.parents], [])

    def test_the_changelog_is_one_that_debian_reads(self):
        text = gzip.decompress((self.root / DOCUMENTS / "changelog.gz").read_bytes()).decode()
        self.assertRegex(text, rf"\Arekeyer \({release.version()}\) unstable; urgency=medium\n\n(  \* .+\n(    .+\n)*)+\n -- .+ <.+>  .+ [+]?-?0000\n\Z")

    def test_a_missing_tool_and_a_wrong_binary_are_told(self):
        self.assertIn("not static", self.refused("package_deb", "--binary", sys.executable))
        bare = self.scratch / "bin"
        bare.mkdir()
        for tool in ("python3", "git", "env"):
            (bare / tool).symlink_to(shutil.which(tool))
        told = self.refused("package_deb", "--binary", BINARY, environment={"PATH": str(bare)})
        self.assertIn("there is no dpkg-deb here", told)


@needs("groff", "mandoc")
class Manual(PackageTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.page = cls.scratch / "rekeyer.1"
        cls.page.write_text(output(BINARY, "manual"))

    def test_groff_has_no_warning(self):
        done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-P-c", self.page], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        # Bold is a letter struck twice, and lines are filled with spaces.
        shown = " ".join(re.sub(".\b", "", done.stdout).split())
        for text in ("rekeyer - rotates AWS IAM users' access keys", "--max-changes", "$REKEYER_CONFIG, ./rekeyer.toml, …", "EXIT STATUS"):
            self.assertIn(text, shown)

    def test_mandoc_has_no_warning(self):
        done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", self.page], capture_output=True, text=True)
        # A page without a date is meant: the version is in its foot, and the same version gives the same page.
        complaints = [line for line in done.stdout.splitlines() if "missing date" not in line]
        self.assertEqual(complaints, [])


@needs("systemd-analyze")
class Units(PackageTest):
    """systemd reads the units, with the program where it is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.units = cls.scratch / "units"
        cls.units.mkdir()
        for name in ("rekeyer.service", "rekeyer.timer"):
            text = (ROOT / "packaging/systemd" / name).read_text()
            (cls.units / name).write_text(text.replace("/usr/bin/rekeyer", str(BINARY)))

    def test_systemd_finds_no_fault(self):
        done = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", self.units / "rekeyer.service", self.units / "rekeyer.timer"],
            capture_output=True, text=True,
        )
        ours = [line for line in (done.stdout + done.stderr).splitlines() if "rekeyer" in line]
        self.assertEqual((done.returncode, ours), (0, []), done.stderr)

    def test_a_fault_would_be_found(self):
        broken = self.units / "broken"
        broken.mkdir()
        text = (self.units / "rekeyer.service").read_text().replace("NoNewPrivileges=", "NoNewPriviliges=")
        (broken / "rekeyer.service").write_text(text)
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", broken / "rekeyer.service"], capture_output=True, text=True)
        self.assertIn("NoNewPriviliges", done.stdout + done.stderr)

    def test_the_service_is_well_shut_in(self):
        done = subprocess.run(
            ["systemd-analyze", "security", "--offline=true", "--threshold=20", self.units / "rekeyer.service"], capture_output=True, text=True
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
