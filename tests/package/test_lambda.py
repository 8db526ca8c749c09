"""The Lambda package: what is in it, how large it is, the same bytes twice, and what is refused."""

import hashlib
import os
import stat
import struct
import subprocess
import sys
import unittest
import zipfile

from case import BINARY, ROOT, PackageTest

sys.path.insert(0, str(ROOT / "packaging"))
import release  # noqa: E402

MOST_BYTES = 7_000_000


class Lambda(PackageTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.package = cls.built("package_lambda", "lambda.zip")
        cls.zip = zipfile.ZipFile(cls.package)
        cls.addClassCleanup(cls.zip.close)

    def test_holds_the_binary_the_certificates_and_texts_in_order(self):
        modes = [(entry.filename, oct(entry.external_attr >> 16)) for entry in self.zip.infolist()]
        self.assertEqual(modes, [
            ("LICENSE", "0o100644"), ("VERSION", "0o100644"), ("bootstrap", "0o100755"), ("ca-bundle.crt", "0o100644"),
        ])
        self.assertEqual(self.zip.read("bootstrap"), BINARY.read_bytes())

    def test_is_small_enough(self):
        self.assertLess(self.package.stat().st_size, MOST_BYTES)

    def test_the_bootstrap_is_static_and_runs(self):
        bootstrap = self.scratch / "bootstrap"
        bootstrap.write_bytes(self.zip.read("bootstrap"))
        bootstrap.chmod(0o755)
        listed = subprocess.run(["ldd", bootstrap], capture_output=True, text=True, env={"LC_ALL": "C", "PATH": os.environ["PATH"]})
        self.assertIn("statically linked", listed.stdout + listed.stderr)
        said = subprocess.run([bootstrap, "--version"], capture_output=True, text=True, env={})
        self.assertEqual((said.returncode, said.stdout), (0, f"rekeyer {release.version()}\n"))

    def test_the_bundle_is_mozillas_and_openssl_reads_all_of_it(self):
        bundle = self.scratch / "bundle.pem"
        bundle.write_bytes(self.zip.read("ca-bundle.crt"))
        count = bundle.read_text().count("BEGIN CERTIFICATE")
        self.assertGreater(count, 100)
        read = subprocess.run(["openssl", "storeutl", "-noout", "-certs", bundle], capture_output=True, text=True)
        self.assertIn(f"Total found: {count}", read.stdout, read.stderr)

    def test_the_texts_name_the_version_and_what_is_linked_in(self):
        self.assertIn(f"rekeyer {release.version()}\n", self.zip.read("VERSION").decode())
        licence = self.zip.read("LICENSE").decode()
        for text in ("Apache License", "Boost Software License", "package libcli11-dev", "package libssl-dev"):
            self.assertIn(text, licence)

    def test_two_builds_are_the_same_whatever_the_surroundings(self):
        # Another time zone, umask and folder; a tree that changes in between would be another commit.
        again = self.scratch / "elsewhere"
        again.mkdir()
        command = f"umask 077; cd {again}; TZ=Asia/Tokyo LC_ALL=C exec {ROOT}/scripts/package_lambda --binary {BINARY} --out {again}/lambda.zip"
        subprocess.run(["sh", "-c", command], check=True, capture_output=True)
        digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in (self.package, again / "lambda.zip")}
        self.assertEqual(len(digests), 1)

    def test_the_date_is_the_one_that_is_given(self):
        dated = self.built("package_lambda", "dated.zip", environment={"SOURCE_DATE_EPOCH": "1700000000"})
        with zipfile.ZipFile(dated) as package:
            self.assertEqual({entry.date_time for entry in package.infolist()}, {(2023, 11, 14, 22, 13, 20)})
            self.assertEqual({entry.extra for entry in package.infolist()}, {b""})
        ancient = self.built("package_lambda", "ancient.zip", environment={"SOURCE_DATE_EPOCH": "0"})
        with zipfile.ZipFile(ancient) as package:
            self.assertEqual({entry.date_time[0] for entry in package.infolist()}, {1980})

    def test_a_configuration_is_packed_when_it_is_good(self):
        config = self.scratch / "mine.toml"
        config.write_text('[accounts]\n"111111111111" = ["*"]\n')
        with zipfile.ZipFile(self.built("package_lambda", "with.zip", "--config", config)) as package:
            self.assertEqual(package.read("rekeyer.toml"), config.read_bytes())
        config.write_text("[policy]\nrotation_perod = '90d'\n")
        done = self.script("package_lambda", "--binary", BINARY, "--config", config, "--out", self.scratch / "bad.zip")
        self.assertEqual(done.returncode, 1)
        self.assertIn("rotation_perod", done.stderr)
        self.assertFalse((self.scratch / "bad.zip").exists())
        self.assertIn("/nowhere.toml", self.refused("package_lambda", "--binary", BINARY, "--config", "/nowhere.toml"))

    def test_a_bundle_of_ones_own_takes_mozillas_place(self):
        own = self.scratch / "own.pem"
        own.write_text("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")
        with zipfile.ZipFile(self.built("package_lambda", "own.zip", "--ca-bundle", own)) as package:
            self.assertEqual(package.read("ca-bundle.crt"), own.read_bytes())
        own.write_text("none\n")
        self.assertIn("holds no PEM certificate", self.refused("package_lambda", "--binary", BINARY, "--ca-bundle", own))

    def test_what_must_not_ship_is_refused(self):
        missing = self.refused("package_lambda", "--binary", self.scratch / "none")
        self.assertIn("make release", missing)
        self.assertIn("not static", self.refused("package_lambda", "--binary", sys.executable))
        text = self.scratch / "text"
        text.write_text("#!/bin/sh\n")
        self.assertIn("not a 64-bit ELF", self.refused("package_lambda", "--binary", text))
        self.assertIn("is for x86_64, not for aarch64", self.refused("package_lambda", "--binary", BINARY, "--machine", "aarch64"))
        self.assertIn("SOURCE_DATE_EPOCH", self.refused("package_lambda", "--binary", BINARY, environment={"SOURCE_DATE_EPOCH": "today"}))

    def test_a_binary_with_symbols_is_refused(self):
        # The first section's kind becomes that of a symbol table; nothing else is changed.
        data = bytearray(BINARY.read_bytes())
        (sections,) = struct.unpack_from("<Q", data, 40)
        struct.pack_into("<I", data, sections + 4, 2)
        unstripped = self.scratch / "unstripped"
        unstripped.write_bytes(data)
        unstripped.chmod(stat.S_IRWXU)
        self.assertIn("not stripped", self.refused("package_lambda", "--binary", unstripped))


if __name__ == "__main__":
    unittest.main()
