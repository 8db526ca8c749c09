"""What the program in an empty root talks to: a CA of one's own, TLS in front of an HTTP server, and a DNS server that knows one name."""

import socket
import socketserver
import ssl
import struct
import subprocess
import threading
from pathlib import Path

QUIET = {"capture_output": True, "check": True}


class Authority:
    """A CA with one certificate for the names and addresses of this machine."""

    def __init__(self, folder: Path, names: str):
        folder.mkdir()
        self.certificate, self.key, self.chain = folder / "ca.pem", folder / "ca.key", folder / "server.pem"
        new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        subprocess.run(
            ["openssl", "req", "-x509", *new_key, "-keyout", self.key, "-out", self.certificate, "-days", "2", "-subj", f"/CN={folder.name}"], **QUIET
        )
        request, self.server_key = folder / "server.csr", folder / "server.key"
        subprocess.run(["openssl", "req", *new_key, "-keyout", self.server_key, "-out", request, "-subj", "/CN=server"], **QUIET)
        extensions = folder / "extensions"
        extensions.write_text(f"subjectAltName={names}\n")
        subprocess.run(
            ["openssl", "x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key, "-CAcreateserial", "-days", "2",
             "-extfile", extensions, "-out", self.chain], **QUIET,
        )


def pump(source, sink) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass
    for end in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


class TlsFront(socketserver.ThreadingTCPServer):
    """Takes TLS off and passes the bytes on to a server on loopback."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, authority: Authority, port_behind: int):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(authority.chain, authority.server_key)
        self.port_behind, self.agreed = port_behind, 0
        super().__init__(("127.0.0.1", 0), None)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return self.server_address[1]

    def finish_request(self, request, client_address):
        try:
            outside = self.context.wrap_socket(request, server_side=True)
        except (ssl.SSLError, OSError):
            return  # whoever refuses the certificate hangs up
        self.agreed += 1
        with outside, socket.create_connection(("127.0.0.1", self.port_behind)) as inside:
            back = threading.Thread(target=pump, args=(inside, outside), daemon=True)
            back.start()
            pump(outside, inside)
            back.join()


class NameServer:
    """Answers A questions for one name with 127.0.0.1, and everything else with "no such name"."""

    def __init__(self, address: str, name: str):
        self.name = b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, 53))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                question, sender = self.socket.recvfrom(1500)
            except OSError:
                return
            self.socket.sendto(self._answer(question), sender)

    def _answer(self, question: bytes) -> bytes:
        end = question.index(b"\0", 12) + 5
        known = question[12:end - 4].lower() == self.name
        (kind,) = struct.unpack_from(">H", question, end - 4)
        record = struct.pack(">HHHIH4s", 0xC00C, 1, 1, 60, 4, socket.inet_aton("127.0.0.1")) if known and kind == 1 else b""
        header = struct.pack(">2sHHHHH", question[:2], 0x8180 | (0 if known else 3), 1, 1 if record else 0, 0, 0)
        return header + question[12:end] + record

    def close(self) -> None:
        self.socket.close()
