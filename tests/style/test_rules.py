#!/usr/bin/env python3
"""Shows of every style rule that it can fail, and that it lets good code pass: python3 tests/style/test_rules.py"""

import unittest
from pathlib import PurePosixPath

import check
from source import Source

TREE = {
    "src/base/clock.hpp", "src/base/log.hpp", "src/policy/rules.hpp", "src/rotation/plan.hpp", "src/aws/http/message.hpp", "src/aws/auth/chain.hpp",
    "src/report/table.hpp", "src/cli/main.cpp", "tests/fakes/transport.hpp", "src/aws/sign/sigv4.hpp", "src/policy/decide.hpp",
}
KEY = "AKIA" + "Q3EGW2N7TZ5LMK4R"

#: (rule, path, what breaks it, what does not)
FIXTURES = [
    ("includes_point_down", "src/policy/a.cpp", '#include "rotation/plan.hpp"', '#include "base/clock.hpp"'),
    ("includes_point_down", "src/policy/a.cpp", '#include "aws/http/message.hpp"', '#include "policy/rules.hpp"'),
    ("includes_point_down", "src/policy/a.hpp", "#include <boost/asio/awaitable.hpp>", "#include <vector>"),
    ("includes_point_down", "src/base/a.cpp", '#include "policy/rules.hpp"', '#include "base/log.hpp"'),
    ("includes_point_down", "src/aws/http/a.cpp", '#include "aws/sign/sigv4.hpp"', '#include "aws/http/message.hpp"'),
    ("includes_point_down", "src/aws/sign/a.cpp", '#include "aws/auth/chain.hpp"', '#include "aws/http/message.hpp"'),
    ("includes_point_down", "src/rotation/a.cpp", '#include "report/table.hpp"', '#include "aws/auth/chain.hpp"'),
    ("includes_point_down", "src/report/a.cpp", '#include "aws/auth/chain.hpp"', '#include "rotation/plan.hpp"'),
    ("includes_point_down", "src/config/a.cpp", '#include "report/table.hpp"', '#include "rotation/plan.hpp"'),
    ("includes_point_down", "src/rotation/a.cpp", '#include "fakes/transport.hpp"', '#include "policy/rules.hpp"'),
    ("includes_point_down", "src/rotation/a.cpp", '#include "nowhere.hpp"', '// #include "nowhere.hpp"'),
    ("includes_point_down", "src/newcomer/a.cpp", "int a;", None),
    ("headers_stay_light", "src/base/a.hpp", "#include <openssl/sha.h>", "#include <string>"),
    ("headers_stay_light", "src/base/a.hpp", "#include <boost/asio.hpp>", "#include <boost/asio/awaitable.hpp>"),
    ("headers_have_a_guard", "src/base/a.hpp", "// a\n", "// a\n#pragma once\n"),
    ("own_header_comes_first", "src/policy/rules.cpp", '#include <map>\n#include "policy/rules.hpp"', '#include "policy/rules.hpp"\n#include <map>'),
    ("own_header_comes_first", "src/policy/rules.cpp", "int a;", '// its own\n#include "policy/rules.hpp"'),
    ("no_banned_call", "src/rotation/a.cpp", "auto t = std::chrono::system_clock::now();", "auto t = clock.now();"),
    ("no_banned_call", "src/rotation/a.cpp", "auto t = std::chrono::steady_clock :: now();", "// never system_clock::now()"),
    ("no_banned_call", "src/rotation/a_test.cpp", "auto t = std::time(nullptr);", 'say("time(nullptr)");'),
    ("no_banned_call", "src/rotation/a.cpp", "auto t = time(&x);", "auto t = server.time();"),
    ("no_banned_call", "src/rotation/a.cpp", "clock_gettime(CLOCK_REALTIME, &t);", "auto t = iso8601(now);"),
    ("no_banned_call", "src/rotation/a.cpp", "gettimeofday(&t, nullptr);", "co_await clock.sleep_until(t);"),
    ("no_banned_call", "src/rotation/a.cpp", "std::this_thread::sleep_for(1s);", "co_await clock.sleep_for(1s);"),
    ("no_banned_call", "src/rotation/a.cpp", "int r = std::rand();", "int brand(int);"),
    ("no_banned_call", "src/rotation/a.cpp", "srand(1);", "int operand(1);"),
    ("no_banned_call", "src/rotation/a.cpp", "std::random_device seed;", "random.bytes(8);"),
    ("no_banned_call", "src/rotation/a.cpp", "std::unordered_map<int, int> m;", "std::unordered_map<int, int> m;  // unordered: lookup only"),
    ("no_banned_call", "src/rotation/a.hpp", "std::unordered_set<int> m;", "std::set<int> m;"),
    ("no_banned_call", "src/rotation/a.cpp", 'printf("x");', 'log::info("printf(x)");'),
    ("no_banned_call", "src/rotation/a.cpp", "std::cout << 1;", "out << 1;"),
    ("no_banned_call", "src/rotation/a.cpp", "std::cerr << 1;", "/* std::cerr */"),
    ("no_banned_call", "src/rotation/a.cpp", "fprintf(stderr, text);", "fmt::format(text);"),
    ("no_banned_call", "src/rotation/a.cpp", "co_spawn(x, y(), asio::detached);", "co_await y();"),
    ("no_banned_call", "src/rotation/a.cpp", "std::thread t(f);", 'R"(std::thread)";'),
    ("no_banned_call", "src/rotation/a.cpp", "assert(x);", "static_assert(x);"),
    ("no_banned_call", "src/rotation/a.cpp", 'std::system("ls");', "environment.system();"),
    ("no_banned_call", "src/rotation/a.cpp", "std::regex r;", "matches(pattern, text);"),
    ("no_namespace_opened_in_a_header", "src/base/a.hpp", "using namespace std;", "using std::string;"),
    ("says_what_it_is_for", "src/base/a.hpp", "#pragma once\n", "// What it is for.\n#pragma once\n"),
    ("says_what_it_is_for", "scripts/a.py", "#!/usr/bin/env python3\nimport os\n", '#!/usr/bin/env python3\n"""What it is for."""\n'),
    ("says_what_it_is_for", "src/base/a.cpp", "#include <x>\n", "// What it is for.\n#include <x>\n"),
    ("is_short_enough", "src/base/a.cpp", "\n" * 601, "\n" * 600),
    ("is_short_enough", "src/base/a_test.cpp", "\n" * 801, "\n" * 800),
    ("leaves_nothing_undone", "docs/a.md", "TO" "DO: more", "to do more"),
    ("leaves_nothing_undone", "src/base/a.cpp", "// FIX" "ME", "// prefix me"),
    ("names_no_machine", "docs/a.md", "cd /wor" "k/main", "cd rekeyer"),
    ("names_no_machine", "src/base/a.cpp", "// see /ro" "ot/notes", "// see ~/notes and $HOME/notes"),
    ("names_no_machine", "scripts/a.sh", "# /ho" "me/ann/x", "# https://example.com/home/ann"),
    ("holds_no_secret", "src/base/a_test.cpp", f'id = "{KEY}";', 'id = "AKIAIOSFODNN7EXAMPLE";'),
    ("holds_no_secret", "docs/a.md", "-----BEGIN PRIVATE " "KEY-----", "a private key"),
    ("has_a_name_that_says_something", "src/base/utils.cpp", "", None),
    ("has_a_name_that_says_something", "src/base/key_manager.hpp", "", None),
    ("has_a_name_that_says_something", "src/common/a.hpp", "", None),
    ("ends_cleanly", "docs/a.md", "no end", "an end\n"),
    ("ends_cleanly", "src/base/a.cpp", "int a; \n", "int a;\n"),
    ("ends_cleanly", "docs/a.md", "a\r\n", "a\n"),
    *(("a_loop_that_asserts_goes_round", "tests/contract/test_a.py", f"def test_it(self):\n{bad}", f"def test_it(self):\n{good}") for bad, good in (
        # What was found at run time, and what is written down.
        ("    for x in self.found():\n        self.assertTrue(x)", "    for x in (1, 2):\n        self.assertTrue(x)"),
        ("    for x in hit & needed:\n        self.assertTrue(x)", "    for x in CASES:\n        self.assertTrue(x)"),
        ("    for x in []:\n        assert x", "    for x in [*KINDS]:\n        assert x"),
        # … which is the same under another name, or sorted.
        ("    y = self.found()\n    for x in sorted(y):\n        assert x", "    y = {1: 2}\n    for x, z in sorted(y.items()):\n        assert x"),
        # A filter may leave nothing.
        ("    for x in [y for y in CASES if y]:\n        assert x", "    for x in [y + 1 for y in CASES]:\n        assert x"),
        ("    for x in CASES:\n        for y in x.parts():\n            assert y", "    for x in ((1, 2), (3,)):\n        for y in x:\n            assert y"),
        # An assertion inside says nothing of how often it was reached; one outside does.
        ("    y = f()\n    for x in y:\n        self.assertIn(x, y)", "    y = f()\n    self.assertEqual(len(y), 2)\n    for x in y:\n        self.assertTrue(x)"),
        ("    for x in run.json['a']:\n        assert x", "    assert run.json['a']\n    for x in run.json['a']:\n        assert x"),
        ("    for x in f():\n        assert x", "    for x in f():\n        print(x)"),
        ("    for x in zip(CASES, f()):\n        assert x", "    for x in zip(CASES, range(3)):\n        assert x"),
        ("    for x in CASES if f() else ():\n        assert x", "    for x in CASES if f() else (1,):\n        assert x"),
    )),
]


def broken(rule, path, text) -> list:
    rules = {function.__name__: function for function in check.RULES}
    return list(rules[rule](Source(PurePosixPath(path), text), TREE) or ())


class Rules(unittest.TestCase):
    def test_each_rule_fails_where_it_should(self):
        for rule, path, bad, _ in FIXTURES:
            with self.subTest(rule=rule, bad=bad[:60]):
                self.assertTrue(broken(rule, path, bad))

    def test_no_rule_fails_where_it_should_not(self):
        for rule, path, _, good in FIXTURES:
            if good is not None:
                with self.subTest(rule=rule, good=good[:60]):
                    self.assertEqual(broken(rule, path, good), [])

    def test_every_rule_has_a_fixture(self):
        self.assertEqual({function.__name__ for function in check.RULES}, {rule for rule, *_ in FIXTURES})

    def test_neighbours_names(self):
        def clashes(first, second, folder="src/base", other="src/base"):
            texts = [(f"{folder}/a.cpp", first), (f"{other}/b.cpp", second)]
            sources = [Source(PurePosixPath(path), f"namespace {{\n{text}\n}}  // namespace\n{text}\n") for path, text in texts]
            (rule,) = check.TREE_RULES
            return [(str(source.path), line) for source, line, _ in rule(sources)]

        for text in (
            "constexpr int most = 3;", "bool fine(int a) {", "struct Row {", "template <class T>\nT first(T a) {", "const Row rows[] = {",
            "std::vector<Row> rows_of(\n    int a);", "using Names = std::set<int>;",
        ):
            with self.subTest(text=text):
                self.assertEqual(len(clashes(text, text.replace("set<", "map<"))), 1)
                self.assertEqual(clashes(text, text.replace("set<", "map<"), other="src/policy"), [])
        for text in ("using Names = std::set<int>;", "  return most;", "struct Row;", "// bool fine(int a) {", "TEST(A, B) {"):
            with self.subTest(text=text):
                self.assertEqual(clashes(text, text), [])
        self.assertEqual(clashes("int a() {", "int b() {"), [])

    def test_calls_are_allowed_where_they_belong(self):
        for path, call in [
            ("src/base/clock.cpp", "std::chrono::system_clock::now();"), ("src/base/random.cpp", "std::random_device d;"),
            ("src/cli/main.cpp", "std::cout << 1;"), ("src/base/log.cpp", "std::cerr << 1;"), ("src/base/a_test.cpp", "std::random_device d;"),
        ]:
            with self.subTest(path=path):
                self.assertEqual(broken("no_banned_call", path, call), [])

    def test_a_source_beside_its_header_need_not_say_its_purpose_again(self):
        self.assertEqual(broken("says_what_it_is_for", "src/base/clock.cpp", "#include <x>\n"), [])
        self.assertEqual(broken("says_what_it_is_for", "src/base/clock_test.cpp", "#include <x>\n"), [])
        self.assertEqual(broken("says_what_it_is_for", "src/cli/main_test.cpp", "#include <x>\n"), [])

    def test_who_hands_a_list_in_answers_for_it(self):
        for path, text in [
            ("tests/contract/case.py", "def check(self, cases):\n    for x in cases:\n        assert x\n"),
            ("src/lambda/a.py", "def f():\n    for x in g():\n        assert x\n"),
        ]:
            with self.subTest(text):
                self.assertEqual(broken("a_loop_that_asserts_goes_round", path, text), [])

    def test_aws_may_call_a_service_a_manager(self):
        self.assertEqual(broken("has_a_name_that_says_something", "src/aws/services/secrets_manager_test.cpp", ""), [])

    def test_lines_are_counted_through_comments_and_literals(self):
        text = '/* one\n two */\nauto a = R"(\n)";\nchar c = \'"\';\nint n = 1\'000;\nstd::cout << "//";\n'
        self.assertEqual([line for line, _ in broken("no_banned_call", "src/base/a.cpp", text)], [7])


if __name__ == "__main__":
    unittest.main()
