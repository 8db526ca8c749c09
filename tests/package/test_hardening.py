"""What the binary that ships is made to withstand, read from its ELF headers, and from the commands that compiled it where a stripped binary can't tell."""

import json
import os
import platform
import shutil
import struct
import subprocess
import unittest

from case import BINARY, ROOT, PackageTest

TYPE_DYN = 3
PT_LOAD, PT_DYNAMIC, PT_INTERP = 1, 2, 3
PT_GNU_STACK, PT_GNU_RELRO = 0x6474E551, 0x6474E552
DT_NEEDED, DT_TEXTREL, DT_FLAGS, DT_FLAGS_1 = 1, 22, 30, 0x6FFFFFFB
DF_TEXTREL, DF_BIND_NOW = 0x4, 0x8
DF_1_NOW, DF_1_PIE = 0x1, 0x08000000
EXECUTE, WRITE = 1, 2

#: what every command that compiles rekeyer's own code has to say
COMPILED_WITH = (
    "-fPIE", "-fstack-protector-strong", "-fstack-clash-protection", "-ftrivial-auto-var-init=zero", "-D_FORTIFY_SOURCE=3", "-D_GLIBCXX_ASSERTIONS",
)
RETURNS_GUARDED_WITH = {"x86_64": "-fcf-protection=return", "aarch64": "-mbranch-protection=standard"}


class Elf:
    """A 64-bit little-endian ELF file's headers."""

    def __init__(self, content):
        self.content = content
        if content[:6] != b"\x7fELF\x02\x01":
            raise AssertionError("not a 64-bit little-endian ELF file")
        self.type, _, _, _, start, sections, _, _, size, count, section_size, section_count, names = struct.unpack_from("<HHIQQQIHHHHHH", content, 16)
        self.segments = [struct.unpack_from("<IIQQQQQQ", content, start + i * size) for i in range(count)]
        headers = [struct.unpack_from("<IIQQQQIIQQ", content, sections + i * section_size) for i in range(section_count)]
        text = headers[names][4] if headers else 0
        self.sections = {content[text + h[0]:content.index(b"\0", text + h[0])].decode(): h for h in headers}

    def of_type(self, wanted):
        return [segment for segment in self.segments if segment[0] == wanted]

    def dynamic(self):
        """tag → value; a tag that is there more than once keeps its last one."""
        (_, _, offset, _, _, size, _, _), = self.of_type(PT_DYNAMIC)
        return dict(struct.iter_unpack("<QQ", self.content[offset:offset + size]))


class Hardening(PackageTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.elf = Elf(BINARY.read_bytes())

    def test_it_stands_at_an_address_that_nobody_knows_and_needs_no_loader(self):
        self.assertEqual(self.elf.type, TYPE_DYN, "not position independent")
        self.assertEqual(self.elf.of_type(PT_INTERP), [], "it asks for a loader")
        dynamic = self.elf.dynamic()
        self.assertTrue(dynamic.get(DT_FLAGS_1, 0) & DF_1_PIE)
        self.assertNotIn(DT_NEEDED, dynamic, "it asks for a library")

    def test_tables_of_addresses_are_read_only_before_main(self):
        dynamic = self.elf.dynamic()
        self.assertTrue(dynamic.get(DT_FLAGS, 0) & DF_BIND_NOW)
        self.assertTrue(dynamic.get(DT_FLAGS_1, 0) & DF_1_NOW)
        (_, _, _, start, _, _, size, _), = self.elf.of_type(PT_GNU_RELRO)
        tables = [name for name in (".got", ".got.plt", ".data.rel.ro", ".init_array") if name in self.elf.sections]
        self.assertIn(".got", tables)
        for name in tables:
            _, _, _, address, _, length, *_ = self.elf.sections[name]
            self.assertTrue(start <= address and address + length <= start + size, f"{name} stays writable")

    def test_nothing_is_writable_and_executable(self):
        (stack,) = self.elf.of_type(PT_GNU_STACK)
        self.assertFalse(stack[1] & EXECUTE, "the stack can be executed")
        loaded = self.elf.of_type(PT_LOAD)
        self.assertGreater(len(loaded), 1)
        for segment in loaded:
            self.assertNotEqual(segment[1] & (WRITE | EXECUTE), WRITE | EXECUTE, "a segment is writable and executable")
        dynamic = self.elf.dynamic()
        self.assertNotIn(DT_TEXTREL, dynamic)
        self.assertFalse(dynamic.get(DT_FLAGS, 0) & DF_TEXTREL, "code is changed when it is loaded")

    def test_its_own_code_is_compiled_with_guards(self):
        listed = json.loads((ROOT / "build/release/compile_commands.json").read_text())
        ours = [entry for entry in listed if " -o src/" in entry["command"]]
        self.assertGreater(len(ours), 20, "rekeyer's own sources were not found among the commands")
        for entry in ours:
            words = entry["command"].split()
            for guard in (*COMPILED_WITH, RETURNS_GUARDED_WITH[platform.machine()]):
                self.assertIn(guard, words, entry["file"])
            # Fortified calls are checked by code that only an optimizing compiler puts in.
            self.assertTrue({"-O2", "-Os"} & set(words), entry["file"])


class Process(PackageTest):
    """A running one, as an ordinary user: what others of the same user may look at."""

    def setUp(self):
        self.scratch.chmod(0o755)
        program = shutil.copy(BINARY, self.scratch / "rekeyer")
        self.user = os.geteuid() or 65534
        self.process = subprocess.Popen(
            [program, "sandbox", "serve", "--port", "0", "--accounts", "1", "--users", "0", "--quiet"],
            stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, env={}, cwd="/", user=self.user if os.geteuid() == 0 else None,
        )
        self.addCleanup(self.process.communicate)
        self.addCleanup(self.process.kill)
        self.assertTrue(self.process.stdout.readline(), "it did not start")

    def test_its_memory_is_nobodys_who_is_not_root(self):
        self.assertEqual(os.stat(f"/proc/{self.process.pid}/mem").st_uid, 0, "another process of the same user can read its memory")

    def test_no_core_is_dumped(self):
        with open(f"/proc/{self.process.pid}/limits") as limits:
            (cores,) = [line.split()[4:6] for line in limits if line.startswith("Max core file size")]
        self.assertEqual(cores, ["0", "0"])


if __name__ == "__main__":
    unittest.main()
