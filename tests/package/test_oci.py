"""The container image: digests, sizes and references of its layout, and that its Containerfile builds the same."""

import gzip
import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import unittest

from case import BINARY, ROOT, PackageTest

sys.path.insert(0, str(ROOT / "packaging"))
import release  # noqa: E402


def sha256(content) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


class Oci(PackageTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.image = cls.built("oci_image", "image.tar")
        with tarfile.open(cls.image) as archive:
            cls.files = {entry.name: archive.extractfile(entry).read() for entry in archive if entry.isfile()}
        cls.index = json.loads(cls.files["index.json"])
        (cls.described,) = cls.index["manifests"]
        cls.manifest = json.loads(cls.blob(cls.described))
        cls.config = json.loads(cls.blob(cls.manifest["config"]))
        (layer,) = cls.manifest["layers"]
        cls.layer = gzip.decompress(cls.blob(layer))

    @classmethod
    def blob(cls, descriptor) -> bytes:
        """The blob that a descriptor names; its size and digest must be what the descriptor says."""
        content = cls.files["blobs/" + descriptor["digest"].replace(":", "/")]
        assert (len(content), sha256(content)) == (descriptor["size"], descriptor["digest"]), descriptor
        return content

    def test_is_a_layout_with_nothing_left_over(self):
        self.assertEqual(json.loads(self.files["oci-layout"]), {"imageLayoutVersion": "1.0.0"})
        named = [self.described, self.manifest["config"], *self.manifest["layers"]]
        self.assertEqual(
            set(self.files), {"oci-layout", "index.json", *("blobs/" + one["digest"].replace(":", "/") for one in named)}
        )
        self.assertEqual([one["mediaType"] for one in named], [
            f"application/vnd.oci.image.{kind}" for kind in ("manifest.v1+json", "config.v1+json", "layer.v1.tar+gzip")
        ])
        self.assertEqual((self.index["schemaVersion"], self.manifest["schemaVersion"]), (2, 2))
        self.assertEqual(self.described["annotations"]["org.opencontainers.image.ref.name"], f"rekeyer:{release.version()}")

    def test_says_what_it_runs_and_as_whom(self):
        self.assertEqual((self.config["os"], self.config["architecture"]), ("linux", "amd64"))
        self.assertEqual(self.config["rootfs"], {"type": "layers", "diff_ids": [sha256(self.layer)]})
        run = self.config["config"]
        self.assertEqual((run["User"], run["Entrypoint"]), ("65532:65532", ["/rekeyer"]))
        self.assertEqual(run["Labels"]["org.opencontainers.image.version"], release.version())

    def test_the_layer_is_the_binary_with_certificates_and_licences(self):
        with tarfile.open(fileobj=io.BytesIO(self.layer)) as layer:
            entries = {entry.name: entry for entry in layer}
            self.assertEqual(layer.extractfile("rekeyer").read(), BINARY.read_bytes())
            bundle = layer.extractfile("etc/ssl/certs/ca-certificates.crt").read()
        self.assertGreater(bundle.count(b"BEGIN CERTIFICATE"), 100)
        self.assertEqual(oct(entries["rekeyer"].mode), "0o755")
        self.assertEqual({(entry.uid, entry.gid) for entry in entries.values()}, {(0, 0)}, "its user can't change it")
        self.assertFalse([name for name, entry in entries.items() if entry.mode & 0o022], "files that others may write")
        self.assertIn("usr/share/doc/rekeyer/copyright", entries)
        self.assertEqual(list(entries), sorted(entries), "a folder stands before what is in it")

    def test_two_builds_are_the_same(self):
        self.assertEqual(sha256(self.built("oci_image", "again.tar").read_bytes()), sha256(self.image.read_bytes()))

    def test_the_containerfile_builds_the_same(self):
        steps = dict(re.findall(r"^([A-Z]+) (.*)$", (ROOT / "packaging/Containerfile").read_text(), re.MULTILINE))
        run = self.config["config"]
        self.assertEqual(steps, {
            "FROM": "scratch", "COPY": ". /", "USER": run["User"], "WORKDIR": run["WorkingDir"], "ENTRYPOINT": json.dumps(run["Entrypoint"]),
        })
        root = self.scratch / "root"
        done = self.script("oci_image", "--binary", BINARY, "--root", root)
        self.assertEqual(done.returncode, 0, done.stderr)
        with tarfile.open(fileobj=io.BytesIO(self.layer)) as layer:
            entries = layer.getmembers()
            self.assertIn("rekeyer", [entry.name for entry in entries])
            for entry in entries:
                path = root / entry.name
                self.assertEqual(oct(path.stat().st_mode & 0o777), oct(entry.mode), entry.name)
                self.assertEqual(path.read_bytes() if entry.isfile() else None, layer.extractfile(entry).read() if entry.isfile() else None)
        self.assertEqual(subprocess.run([root / "rekeyer", "--version"], capture_output=True, env={}).returncode, 0)
        again = self.script("oci_image", "--binary", BINARY, "--root", root)
        self.assertEqual(again.returncode, 1)
        self.assertIn("remove it first", again.stderr)


if __name__ == "__main__":
    unittest.main()
