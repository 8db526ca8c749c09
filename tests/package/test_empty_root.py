"""The binary in a root with nothing in it but itself and a CA bundle, as in a container from scratch: names, TLS, and whom it refuses to trust.

An AWS (its own sandbox) runs outside, with TLS in front of it.
"""

import json
import os
import re
import shutil
import subprocess
import unittest

from case import BINARY, PackageTest, needs
from tls_front import Authority, NameServer, TlsFront

NAME, NAME_SERVER = "aws.rekeyer.test", "127.53.53.53"
NAMES = f"DNS:localhost,DNS:{NAME},IP:127.0.0.1"


@needs("openssl", "chroot")
@unittest.skipIf(os.geteuid() != 0, "chroot needs root: NOTHING is known about the binary in an empty root")
class EmptyRoot(PackageTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sandbox = subprocess.Popen(
            [BINARY, "sandbox", "serve", "--port", "0", "--accounts", "2", "--users", "6"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={},
        )
        cls.addClassCleanup(cls.end_sandbox)
        port = int(cls.sandbox.stdout.readline().strip().rsplit(":", 1)[1])
        cls.credentials = {}
        while len(cls.credentials) < 2 and (hint := cls.sandbox.stderr.readline()):
            cls.credentials |= dict(re.findall(r"(AWS_ACCESS_KEY_ID|AWS_SECRET_ACCESS_KEY)=(\S+)", hint))
        cls.ours, cls.stranger = Authority(cls.scratch / "ours", NAMES), Authority(cls.scratch / "stranger", NAMES)
        cls.front = TlsFront(cls.ours, port)
        cls.addClassCleanup(cls.front.server_close)
        cls.addClassCleanup(cls.front.shutdown)

    @classmethod
    def end_sandbox(cls):
        cls.sandbox.kill()
        cls.sandbox.communicate()

    def setUp(self):
        self.root = self.scratch / self.id().rsplit(".", 1)[1]
        self.root.mkdir()
        shutil.copy(BINARY, self.root / "bootstrap")
        self.agreed = self.front.agreed

    def put(self, name, content) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def plan(self, host="127.0.0.1", user="0:0", **environment):
        """`bootstrap plan` as process 'user' in the root; nothing of this machine's environment comes along."""
        names = {"AWS_MAX_ATTEMPTS": "1", "AWS_EC2_METADATA_DISABLED": "true", **self.credentials, **environment}
        return subprocess.run(
            [shutil.which("chroot"), f"--userspec={user}", self.root, "/bootstrap", "plan", "--format", "json",
             "--region", "us-east-1", "--endpoint-url", f"https://{host}:{self.front.port}"],
            capture_output=True, text=True, timeout=120, env=names,
        )

    def assert_planned(self, done):
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(json.loads(done.stdout)["accounts"]), 2, done.stdout)
        self.assertGreater(self.front.agreed, self.agreed, "no connection was made over TLS")

    def assert_refused(self, done, *texts):
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        for text in texts:
            self.assertIn(text, done.stderr)
        self.assertEqual(self.front.agreed, self.agreed, "a connection was made all the same")

    def test_there_is_nothing_else_in_it(self):
        self.put("ca-bundle.crt", self.ours.certificate.read_bytes())
        self.assertEqual(sorted(path.name for path in self.root.rglob("*")), ["bootstrap", "ca-bundle.crt"])
        self.assert_planned(self.plan(LAMBDA_TASK_ROOT="/"))

    def test_the_place_of_an_images_bundle_is_found_by_its_user(self):
        self.put("etc/ssl/certs/ca-certificates.crt", self.ours.certificate.read_bytes())
        self.assert_planned(self.plan(user="65532:65532"))

    def test_openssls_own_configuration_is_never_read(self):
        """It names libraries that OpenSSL would load into the process; with this one, no TLS context could be made at all."""
        self.put("ca-bundle.crt", self.ours.certificate.read_bytes())
        self.put("planted.so", b"not a library")
        planted = "openssl_conf = a\nconfig_diagnostics = 1\n[a]\nproviders = b\n[b]\nc = d\n[d]\nmodule = /planted.so\nactivate = 1\n"
        for place in ("openssl.cnf", "usr/lib/ssl/openssl.cnf"):  # the second one is OpenSSL's own
            self.put(place, planted)
        self.assert_planned(self.plan(LAMBDA_TASK_ROOT="/"))
        self.assert_planned(self.plan(LAMBDA_TASK_ROOT="/", OPENSSL_CONF="/openssl.cnf", OPENSSL_MODULES="/", OPENSSL_ENGINES="/"))

    def test_another_authority_is_not_trusted(self):
        self.put("ca-bundle.crt", self.stranger.certificate.read_bytes())
        self.assert_refused(self.plan(LAMBDA_TASK_ROOT="/"), "not trusted", "AWS_CA_BUNDLE")

    def test_the_packages_bundle_is_the_only_one_that_counts(self):
        self.put("ca-bundle.crt", self.stranger.certificate.read_bytes())
        self.put("etc/ssl/certs/ca-certificates.crt", self.ours.certificate.read_bytes())
        self.assert_refused(self.plan(LAMBDA_TASK_ROOT="/"), "not trusted")

    def test_without_any_bundle_the_places_are_told(self):
        self.assert_refused(self.plan(LAMBDA_TASK_ROOT="/var/task"), "/var/task/ca-bundle.crt", "/etc/ssl/certs/ca-certificates.crt", "AWS_CA_BUNDLE")

    def test_a_name_of_the_hosts_file_is_found(self):
        self.put("ca-bundle.crt", self.ours.certificate.read_bytes())
        self.put("etc/hosts", "127.0.0.1 localhost\n")
        self.assert_planned(self.plan("localhost", LAMBDA_TASK_ROOT="/"))

    def test_a_name_is_asked_for_by_dns(self):
        try:
            names = NameServer(NAME_SERVER, NAME)
        except OSError as problem:
            self.skipTest(f"no DNS server can be run here: {problem}")
        self.addCleanup(names.close)
        self.put("ca-bundle.crt", self.ours.certificate.read_bytes())
        self.put("etc/resolv.conf", f"nameserver {NAME_SERVER}\noptions timeout:2 attempts:1\n")
        self.assert_planned(self.plan(NAME, LAMBDA_TASK_ROOT="/"))
        self.agreed = self.front.agreed
        self.assert_refused(self.plan("other.rekeyer.test", LAMBDA_TASK_ROOT="/"), "other.rekeyer.test can't be resolved")

    def test_a_name_that_nobody_knows_is_told(self):
        self.put("ca-bundle.crt", self.ours.certificate.read_bytes())
        self.put("etc/resolv.conf", "nameserver 127.53.53.54\noptions timeout:1 attempts:1\n")
        self.assert_refused(self.plan("localhost", LAMBDA_TASK_ROOT="/"), "the name localhost can't be resolved")


if __name__ == "__main__":
    unittest.main()
