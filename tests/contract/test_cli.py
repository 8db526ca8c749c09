"""The command line: bad configuration, exit codes, confirmation, output that suits a pipe, interruption, starting without libraries."""

import os
import pty
import re
import select
import subprocess
import time
import unittest

from case import MEMBER, RekeyerCase

ESCAPE = "\x1b["


class Configuration(RekeyerCase):
    def setUp(self):
        super().setUp()
        self.build()
        self.use()

    def refused(self, text, line, *words):
        self.rekeyer.configure(text)
        for command in (["config", "check"], ["plan"]):
            run = self.rekeyer.run(*command)
            self.assertExit(run, 2)
            self.assertRegex(run.err, rf"rekeyer\.toml:{line}\b", run)
            for word in words:
                self.assertIn(word, run.err)
        self.assertEqual(self.lab.calls(), [], "nothing may be asked of AWS with a configuration that is wrong")

    def test_unknown_key_with_suggestion(self):
        self.refused('[organization]\n\n[policy]\nrotation_perod = "90d"\n', 4, "rotation_perod", "rotation_period")

    def test_unknown_section_with_suggestion(self):
        self.refused("[organisation]\n", 1, "organization")

    def test_wrong_type(self):
        self.refused("[organization]\ninclude_ous = 3\n", 2, "include_ous")

    def test_wrong_duration(self):
        self.refused('[policy]\nrotation_period = "ninety"\n', 2, "rotation_period")

    def test_wrong_choice_lists_the_choices(self):
        self.refused('[store]\nlocation = "somewhere"\n', 2, "member", "central")

    def test_not_toml_at_all(self):
        self.refused("[policy\n", 1)

    def test_contradiction_of_organization_and_accounts(self):
        run = self.config_run('[organization]\nmember_role = "r"\n[accounts]\n"111111111111" = ["a"]\ninclude = 3\n')
        self.assertExit(run, 2)

    def test_account_id_that_is_none(self):
        self.refused('[accounts]\n"1234" = ["ann"]\n', 2, "1234")

    def test_override_with_an_unknown_rule(self):
        self.refused(
            '[[override]]\nmatch = { user = "x" }\nrotation_perid = "3d"\n', 3, "rotation_perid", "rotation_period"
        )

    def test_exemption_without_a_reason(self):
        self.refused('[[exempt.user]]\nmatch = { user = "x" }\n', r"\d+", "reason")

    def test_all_problems_are_shown_at_once(self):
        run = self.config_run('[policy]\nrotation_perod = "1d"\nin_use = "maybe"\n[store]\nregoin = "x"\n')
        self.assertExit(run, 2)
        for line in (2, 3, 5):
            self.assertRegex(run.err, rf"rekeyer\.toml:{line}\b")

    def config_run(self, text):
        self.rekeyer.configure(text)
        return self.rekeyer.run("config", "check")

    def test_missing_file_is_named(self):
        run = self.rekeyer.run("plan", "--config", "/nowhere/at-all.toml", config=False)
        self.assertExit(run, 2)
        self.assertIn("/nowhere/at-all.toml", run.err)

    def test_good_configuration(self):
        self.assertExit(self.config_run("[organization]\n"), 0)

    def test_starter_file_is_valid_and_is_not_overwritten(self):
        path = self.rekeyer.folder / "rekeyer.toml"
        path.unlink()
        first = self.rekeyer.run("config", "init", config=False, endpoint=False)
        self.assertExit(first, 0)
        if not path.exists():
            path.write_text(first.out)
        for name in ("rotation_period", "member_role", "location", "max_changes", "IAMKeyRotationExemptionGroup"):
            self.assertIn(name, path.read_text())
        self.assertExit(self.rekeyer.run("config", "check"), 0)

    def test_settings_that_do_nothing_do_not_exist(self):
        """Each documented setting is accepted, so none of them is silently ignored as unknown either."""
        self.assertExit(self.config_run(
            '[organization]\nmember_role="x"\nexternal_id="eid"\nlist_role_arn=""\ninclude_ous=[]\nexclude_ous=[]\ninclude_accounts=[]\nexclude_accounts=[]\nmanagement_account=false\n'
            '[policy]\nrotation_period="90d"\ninstallation_grace="10d"\nrecovery_grace="10d"\nwarn_period="7d"\nin_use="hold"\nin_use_window="3d"\nhard_deadline="30d"\nunused="retire"\n'
            'two_active="hold"\nidle_period="30d"\norphan_grace="1d"\ntag="rekeyer:policy"\n[[override]]\nmatch={user="ci-*"}\nrotation_period="30d"\n'
            '[exempt]\ngroup="G"\ntag="rekeyer:exempt"\n[[exempt.user]]\nmatch={user="b-*"}\nreason="sealed"\nuntil=2090-01-31\nticket="S-1"\n'
            '[store]\nlocation="member"\nregion="us-east-1"\nname="Account_{account}_User_{user}_AccessKey"\nkms_key_id=""\nreplica_regions=[]\ngrant="secret-policy"\n'
            '[discovery]\nmode="report"\n[limits]\nmax_changes=1000\nmax_changes_per_account=100\nconcurrency=64\n[owner]\ntag="owner"\n'
        ), 0)


class CommandLine(RekeyerCase):
    def setUp(self):
        super().setUp()
        self.one_user([{"age": 95, "used": 1}])
        self.use()

    def test_bad_usage_is_exit_2_on_standard_error(self):
        for words in (
            ["frobnicate"], ["plan", "--frobnicate"], ["plan", "--account", "12"], ["plan", "--format", "yaml"],
            ["rotate"], ["explain"], ["plan", "--at", "soon"],
        ):
            run = self.rekeyer.run(*words)
            self.assertExit(run, 2, str(words))
            self.assertEqual(run.out, "")
            self.assertTrue(run.err.strip())

    def test_help_and_version(self):
        run = self.rekeyer.run("--help", config=False, endpoint=False)
        self.assertExit(run, 0)
        for command in ("plan", "apply", "rotate", "explain", "config"):
            self.assertIn(command, run.out)
        run = self.rekeyer.run("--version", config=False, endpoint=False)
        self.assertExit(run, 0)
        self.assertRegex(run.out, r"\d+\.\d+")

    def test_apply_without_yes_is_refused_where_nobody_can_be_asked(self):
        run = self.rekeyer.run("apply", "--format", "json")
        self.assertExit(run, 2)
        self.assertIn("--yes", run.err)
        self.assertEqual(self.changing_calls(), [])

    def test_no_credentials_is_said_clearly(self):
        self.rekeyer.environment = {"AWS_EC2_METADATA_DISABLED": "true", "AWS_REGION": "us-east-1"}
        run = self.rekeyer.plan()
        self.assertNotIn(run.code, (0, 3), run)
        self.assertIn("credentials", run.err.lower())

    def test_unreachable_endpoint_is_a_failure_with_the_address(self):
        self.rekeyer.few_attempts()
        run = self.rekeyer.run("plan", "--endpoint-url", "http://127.0.0.1:9", endpoint=False)
        self.assertExit(run, 1)
        self.assertIn("127.0.0.1", run.err)

    def test_data_goes_to_standard_output_and_everything_else_to_standard_error(self):
        run = self.rekeyer.plan("--log-level", "debug")
        self.assertExit(run, 0)
        self.assertTrue(run.json)
        self.assertTrue(run.err)

    def test_no_colour_and_no_progress_in_a_pipe(self):
        for words in (["plan"], ["plan", "--all"], ["explain", "--account", MEMBER, "--user", "ann"]):
            run = self.rekeyer.run(*words, env={"TERM": "xterm-256color"})
            self.assertNotIn(ESCAPE, run.out + run.err)
            self.assertNotIn("\r", run.out + run.err)

    def test_colour_on_request(self):
        self.assertIn(ESCAPE, self.rekeyer.run("plan", "--color", "on", env={"TERM": "xterm-256color"}).out)

    def test_json_log_lines(self):
        import json

        run = self.rekeyer.plan("--log-format", "json", "--log-level", "debug")
        lines = [json.loads(line) for line in run.err.splitlines() if line.strip()]
        self.assertTrue(lines)
        self.assertTrue(all("level" in line for line in lines), lines[:2])

    def on_a_terminal(self, *words, answer=None, env=None):
        """Runs with a pseudo terminal as standard input, output and error; returns (exit code, what it showed)."""
        master, slave = pty.openpty()
        process = subprocess.Popen(
            self.rekeyer.command(*words), cwd=self.rekeyer.folder,
            env=self.rekeyer.full_environment({"TERM": "xterm-256color", **(env or {})}), stdin=slave, stdout=slave,
            stderr=slave, close_fds=True,
        )
        os.close(slave)
        shown, deadline, answered = b"", time.monotonic() + 60, answer is None
        while time.monotonic() < deadline:
            ready, _, _ = select.select([master], [], [], 0.2)
            if ready:
                try:
                    chunk = os.read(master, 65536)
                except OSError:
                    break
                if not chunk:
                    break
                shown += chunk
            if not answered and re.search(rb"\?|\[y", shown):
                os.write(master, answer.encode() + b"\n")
                answered = True
        else:
            process.kill()
        os.close(master)
        return process.wait(), shown.decode("utf-8", "replace")

    def test_apply_asks_on_a_terminal_and_no_means_no(self):
        code, shown = self.on_a_terminal("apply", answer="n")
        self.assertNotEqual(code, -9, shown)
        self.assertEqual(self.changing_calls(), [], shown)

    def test_apply_asks_on_a_terminal_and_yes_means_yes(self):
        code, shown = self.on_a_terminal("apply", answer="yes")
        self.assertEqual(code, 0, shown)
        self.assertSettled(active=2)

    def test_colour_on_a_terminal_unless_no_color_is_set(self):
        _, shown = self.on_a_terminal("plan")
        self.assertIn(ESCAPE, shown)
        _, shown = self.on_a_terminal("plan", env={"NO_COLOR": "1"})
        self.assertNotRegex(shown, r"\x1b\[[0-9;]*m")

    def test_interrupt_during_a_plan(self):
        self.lab.fault(op="AssumeRole", kind="signal", signal=2)
        self.lab.fault(op="ListSecrets", kind="delay", seconds=1)
        self.assertExit(self.rekeyer.plan(), 130)

    def test_partial_failure_is_exit_1(self):
        self.build({"id": MEMBER, "roles": []})
        self.use()
        self.assertExit(self.rekeyer.plan(), 1)
        self.assertExit(self.rekeyer.apply(), 1)

    def test_the_configuration_that_was_read_is_named_also_where_it_was_found(self):
        run = self.rekeyer.run("plan", "--log-level", "info", config=False)
        self.assertExit(run, 0)
        self.assertRegex(run.err, f"configuration read .*{self.rekeyer.config}")

    def test_a_configuration_that_others_may_write_is_refused(self):
        self.rekeyer.config.chmod(0o666)
        for run in (self.rekeyer.plan(), self.rekeyer.plan(config=False), self.rekeyer.run("config", "check", endpoint=False)):
            self.assertExit(run, 2)
            self.assertIn("chmod go-w", run.err)
        self.assertEqual(self.lab.calls(), [])

    def test_an_endpoint_in_the_clear_beyond_this_machine_is_refused(self):
        for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SECRETS_MANAGER"):
            run = self.rekeyer.plan(endpoint=False, env={name: "http://192.0.2.1:80"})
            self.assertExit(run, 2)
            self.assertIn("REKEYER_ALLOW_PLAIN_HTTP", run.err)

    def test_failure_texts_show_no_secret(self):
        self.lab.fault(op="PutSecretValue", kind="deny", times=0)
        run = self.rekeyer.apply("--log-level", "debug")
        self.assertExit(run, 1)
        self.assertInvariants()

    def test_debug_logs_show_no_secret(self):
        self.use({"store": {"grant": "both"}})
        run = self.rekeyer.apply("--log-level", "debug")
        self.assertExit(run, 0)
        self.assertInvariants()
        self.assertNotIn("Signature=", run.err)
        self.assertNotRegex(run.err, r"(?i)x-amz-security-token: *[A-Za-z0-9/+=]{20}")

    def test_clock_of_this_machine_is_not_trusted(self):
        """AWS's clock is 80 days ahead of ours: signatures must still be accepted, and it is AWS's day that decides."""
        self.build({"id": MEMBER, "users": [{"name": "ann", "keys": [{"age": 10, "used": 1}]}]})
        self.use()
        self.lab.move_clock(85)
        self.lab.control("key", id=self.lab.keys_of(MEMBER, "ann")[0], used=1)
        run = self.rekeyer.apply()
        self.assertExit(run, 0)
        self.assertSettled(active=2)
        self.assertRegex(run.err, r"(?i)clock")


class StaticBinary(unittest.TestCase):
    def test_release_binary_reads_no_library(self):
        from rekeyer import ROOT

        release = ROOT / "build" / "release" / "rekeyer"
        if not release.exists():
            self.skipTest("no release binary was built")
        told = subprocess.run(["ldd", str(release)], capture_output=True, text=True)
        self.assertRegex(told.stdout + told.stderr, "not a dynamic executable|statically linked")
        self.assertEqual(subprocess.run([str(release), "--version"], capture_output=True).returncode, 0)


if __name__ == "__main__":
    unittest.main()
