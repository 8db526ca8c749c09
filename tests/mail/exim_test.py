#!/usr/bin/env python3
"""Mails over a real server: exim4, with TLS from the first byte and with STARTTLS, a login, and refusals.

usage: exim_test.py <mail_sender binary>

Each connection is given to an exim of its own (as inetd would), so that no port is fixed and none is raced for. Exim
takes mails only as root: another user's test starts it by sudo. Where exim4 or that right is missing the test is skipped
loudly (exit code 77); with CI=true that is a failure.
"""

import contextlib
import email
import email.policy
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

import sender

EXIM = shutil.which("exim4", path=os.environ.get("PATH", "") + ":/usr/sbin")
USER, PASSWORD = "rekeyer", "correct horse, battery staple"

CONFIGURATION = """
primary_hostname = localhost
qualify_domain = example.com
spool_directory = {folder}/spool
log_file_path = {folder}/%slog
keep_environment =
deliver_drop_privilege
accept_8bitmime = false
smtp_accept_max_per_connection = 3
tls_advertise_hosts = *
tls_certificate = {folder}/server.pem
tls_privatekey = {folder}/server.pem
auth_advertise_hosts = ${{if def:tls_in_cipher{{*}}{{}}}}
acl_smtp_rcpt = recipient
acl_smtp_data = content

begin acl
recipient:
  deny message = 5.7.1 log in first
       !authenticated = *
  deny message = 5.1.1 nobody is called that
       local_parts = nobody
  defer message = 4.7.1 too much, come again
       local_parts = later
  accept
content:
  deny message = 5.6.0 not with this subject
       condition = ${{if eq{{$h_subject:}}{{refuse me}}}}
  accept

begin routers
everybody:
  driver = accept
  transport = into_files

begin transports
into_files:
  driver = appendfile
  directory = {folder}/mail
  maildir_format
  mode = 0644
  directory_mode = 0777

begin authenticators
plain:
  driver = plaintext
  public_name = {plain}
  server_prompts = :
  server_condition = ${{if and{{{{eq{{$auth2}}{{{user}}}}}{{eq{{$auth3}}{{{password}}}}}}}}}
  server_set_id = $auth2
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = <| Username: | Password:
  server_condition = ${{if and{{{{eq{{$auth1}}{{{user}}}}}{{eq{{$auth2}}{{{password}}}}}}}}}
  server_set_id = $auth1
"""


def as_root() -> list:
    """What stands before a command that root must run; the test ends here where that can't be."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo is None or subprocess.run([sudo, "-n", "true"], capture_output=True).returncode != 0:
        sender.skip("exim4 takes mails only as root: no mail was sent to a real server")
    return [sudo, "-n"]


def make_certificates(folder: pathlib.Path) -> None:
    """A CA, and a server's certificate for localhost and 127.0.0.1."""
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=folder)

    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca.key", "-out", "ca.pem",
            "-days", "2", "-subj", "/CN=test CA")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "server.key", "-out", "server.csr",
            "-subj", "/CN=localhost")
    (folder / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
            "-extfile", "names", "-out", "server.crt")
    (folder / "server.pem").write_text((folder / "server.crt").read_text() + (folder / "server.key").read_text())


class Server:
    """Accepts connections on a port of the system's choice and gives each to an `exim4 -bs`."""

    def __init__(self, folder: pathlib.Path, *options, plain="PLAIN"):
        configuration = folder / f"exim{len(options)}{plain}.conf"
        configuration.write_text(CONFIGURATION.format(folder=folder, user=USER, password=PASSWORD.replace(",", "\\,"), plain=plain))
        self.command = [*as_root(), EXIM, "-C", str(configuration), *options, "-bs"]
        self.connections = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.children = []
        self.thread = threading.Thread(target=self.accept)
        self.thread.start()

    def accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                self.connections += 1
                with connection:
                    self.children.append(subprocess.Popen(
                        self.command, stdin=connection, stdout=connection, stderr=subprocess.DEVNULL))

    def close(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()
        for child in self.children:
            child.wait(30)


def delivered(folder: pathlib.Path, count: int) -> list:
    """The messages that were delivered, once there are `count` of them; removed from the mailbox."""
    for _ in range(200):
        files = sorted((folder / "mail" / "new").glob("*")) if (folder / "mail" / "new").is_dir() else []
        if len(files) >= count:
            break
        time.sleep(0.05)
    messages = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]
    for file in files:
        file.unlink()
    assert len(messages) == count, f"{len(messages)} of {count} mails arrived: {log(folder)}"
    return messages


def log(folder: pathlib.Path) -> str:
    return "\n".join(file.read_text()[-2000:] for file in sorted(folder.glob("*log")))


def send(binary, folder, server, security, mails, host="localhost", user=USER, password=PASSWORD, ca="ca.pem") -> list:
    task = {"from": sender.SENDER, "mails": mails}
    if user:
        task |= {"user": user, "password": password}
    answers = sender.run(binary, ["send", host, str(server.port), security, str(folder / ca)], task).decode().splitlines()
    assert len(answers) == len(mails), answers
    assert not password or password not in "".join(answers), "the password is in a message"
    return answers


def all_arrive(binary, folder, server, security) -> None:
    before = server.connections
    mails = sender.mails()
    answers = send(binary, folder, server, security, mails)
    assert answers == ["sent"] * len(mails), (answers, log(folder))
    # The server takes three mails over one connection, so that it is opened anew in between.
    assert server.connections - before == -(-len(mails) // 3), server.connections
    by_subject = {message["Subject"]: message for message in delivered(folder, len(mails))}
    for mail in mails:
        sender.check_message(by_subject[mail["subject"]], mail)
    assert len({message["Message-ID"] for message in by_subject.values()}) == len(mails)


def refusals_are_told(binary, folder, server) -> None:
    def mail(to, subject="x"):
        return {"to": to, "subject": subject, "text": "x", "html": ""}

    answers = send(binary, folder, server, "tls", [
        mail("nobody@example.com"), mail("owner@example.com", "first"), mail("later@example.com"),
        mail("owner@example.com", "refuse me"), mail("owner@example.com", "second")])
    assert "5.1.1 nobody is called that" in answers[0] and "nobody@example.com" in answers[0], answers
    assert "4.7.1 too much" in answers[2], answers
    assert "5.6.0 not with this subject" in answers[3], answers
    assert (answers[1], answers[4]) == ("sent", "sent"), answers
    assert {message["Subject"] for message in delivered(folder, 2)} == {"first", "second"}

    wrong = "an entirely wrong password"
    answers = send(binary, folder, server, "tls", sender.mails()[:1], password=wrong)
    assert "535" in answers[0] and "password_parameter" in answers[0], answers
    answers = send(binary, folder, server, "tls", sender.mails()[:1], user="")
    assert "log in first" in answers[0], answers


def strangers_are_not_spoken_to(binary, folder, secure, clear) -> None:
    one = sender.mails()[:1]
    for server, security in [(secure, "tls"), (clear, "starttls")]:
        answers = send(binary, folder, server, security, one, ca="other.pem")
        assert "not trusted" in answers[0], answers
    assert send(binary, folder, secure, "tls", one, host="127.0.0.1") == ["sent"]
    delivered(folder, 1)


def main() -> None:
    if EXIM is None:
        sender.skip("exim4 is missing (apt-get install exim4-daemon-light): no mail was sent to a real server")
    binary = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = pathlib.Path(name)
        make_certificates(folder)
        other = folder / "strangers"
        other.mkdir()
        make_certificates(other)
        shutil.copy(other / "ca.pem", folder / "other.pem")
        folder.chmod(0o777)
        (folder / "server.pem").chmod(0o644)  # exim reads it as the user that it becomes
        servers = [Server(folder, "-tls-on-connect"), Server(folder), Server(folder, "-tls-on-connect", plain="X-PLAIN")]
        try:
            secure, clear, login_only = servers
            all_arrive(binary, folder, secure, "tls")
            all_arrive(binary, folder, clear, "starttls")
            all_arrive(binary, folder, login_only, "tls")
            refusals_are_told(binary, folder, secure)
            strangers_are_not_spoken_to(binary, folder, secure, clear)
        finally:
            for server in servers:
                server.close()
        print(f"mails over exim4: {sum(server.connections for server in servers)} connections")


if __name__ == "__main__":
    main()
