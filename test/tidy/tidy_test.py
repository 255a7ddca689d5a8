"""Each house rule fires on a bad sample, and only on it."""
import sys
import unittest

from documents import check_columns, check_links, check_named, check_tests
from rules import check_file, check_map

TEN = "  f();\n" * 10
PARAGRAPH = "// One.\n// Two.\n// Three.\n"

# (path, text that breaks exactly one rule, words that its message must hold)
BAD = (
    ("src/base/log.cpp", '#include "net/http/http.hpp"\n', "base includes net/http/http.hpp"),
    ("src/domain/view.cpp", '#include "store/store.hpp"\n', "domain includes store"),
    ("src/net/redis.cpp", '#include "domain/claim.hpp"\n', "net includes domain"),
    ("src/store/codec.cpp", '#include "stripe/client.hpp"\n', "store includes stripe"),
    ("src/stripe/client.cpp", '#include "generator/any.hpp"\n', "stripe includes generator"),
    ("src/generator/any.cpp", '#include "flow/payment.hpp"\n', "generator includes flow"),
    ("src/flow/payment.cpp", '#include "net/redis.hpp"\n', "flow includes net/redis.hpp"),
    ("src/flow/payment.cpp", '#include "api/api.hpp"\n', "flow includes api"),
    ("sandbox/shop.cpp", '#include "stripe/client.hpp"\n', "sandbox includes stripe/client"),
    ("src/api/api.cpp", "#include <boost/beast/http.hpp>\n", "net/http/http.hpp"),
    ("src/store/redis.cpp", "#include <boost/redis/connection.hpp>\n", "net/redis/redis.hpp"),
    ("src/stripe/client.cpp", "#include <curl/curl.h>\n", "net/http/http.hpp"),
    ("src/stripe/signature.cpp", "#include <openssl/hmac.h>\n", "base/crypto.hpp"),
    ("src/app/string_utils.cpp", "\n", "path word 'utils'"),
    ("src/common/x.cpp", "\n", "path word 'common'"),
    ("src/app/a.cpp", "class SessionManager;\n", "'SessionManager'"),
    ("src/app/a.cpp", "struct StoreImpl {};\n", "'StoreImpl'"),
    ("src/app/a.cpp", "std::this_thread::sleep_for(x);\n", "Clock::sleep"),
    ("test/unit/a.cpp", "  sleep(1);\n", "Clock::sleep"),
    ("src/flow/a.cpp", "auto t = std::chrono::system_clock::now();\n", "base/clock.hpp"),
    ("test/unit/a.cpp", "auto t = std::chrono::steady_clock::now();\n", "base/clock.hpp"),
    ("src/net/http/a.cpp", "const RealClock clock;\n", "composition root"),
    ("src/app/connect.cpp", "at = RealClock().steady();\n", "composition root"),
    ("sandbox/shop.cpp", "RealClock clock;\n", "composition root"),
    ("src/flow/a.cpp", "asio::steady_timer timer;\n", "base/clock.hpp"),
    ("src/flow/a.cpp", 'std::cout << "x";\n', "base/log.hpp"),
    ("sandbox/shop.cpp", 'printf("x");\n', "base/log.hpp"),
    ("src/app/a.cpp", "asio::co_spawn(e, f(), g);\n", "base/tasks.hpp"),
    ("src/app/a.cpp", "auto* p = new Thing();\n", "make_unique"),
    ("src/app/a.cpp", "delete thing;\n", "unique_ptr"),
    ("src/app/a.cpp", "// TO" "DO later\n", "unfinished"),
    ("docs/a.md", "FIX" "ME\n", "unfinished"),
    ("tools/a.sh", "curl https://registry.npm" "js.org/x\n", "registry's host"),
    ("docs/a.md", "see /wo" "rk/main\n", "absolute path"),
    ("src/app/a.cpp", f"int f(int a) {{\n{TEN * 7}}}\n", "function of 72 lines"),
    ("src/app/a.cpp", f"namespace a {{\nclass B {{\n  int f() {{\n{TEN * 7}  }}\n}};\n}}\n",
     "function of 72 lines"),
    ("test/browser/a.test.js", f"test('x', async () => {{\n{TEN * 7}}});\n",
     "function of 72 lines"),
    ("tools/a.py", "def f():\n" + "    g()\n" * 70, "function of 71 lines"),
    ("src/app/a.cpp", "// " + "x" * 98 + "\n", "101 columns"),
    ("web/a.html", "<br>\n" * 401, "401 lines"),
    ("src/app/a.hpp", "// Too short.\n#pragma once\n", "no opening paragraph"),
    ("test/blackbox/a.test.js", "await new Promise(r => setTimeout(r, 9));\n", "wait for"),
    ("test/torture/a.js", "await new Promise(r => setTimeout(r, 9));\n", "wait for"),
)

GOOD = (
    ("src/app/a.hpp", PARAGRAPH + "#pragma once\n"),
    ("src/api/api.cpp", '#include "net/http/http.hpp"\n#include "flow/payment.hpp"\n'),
    ("src/flow/payment.cpp", '#include "net/http/http.hpp"\n#include "store/store.hpp"\n'),
    ("sandbox/shop.cpp", '#include "stripe/signature.hpp"\n#include "shop.hpp"\n'),
    ("src/net/redis.cpp", "#include <boost/redis/connection.hpp>\n#include <openssl/ssl.h>\n"),
    ("src/app/a.cpp", 'log("std::cout, new Thing, sleep(1)");  // delete this; new idea\n'),
    ("src/app/a.cpp", "co_await clock.sleep(delay);\nawaitable<void> sleep(Duration d);\n"),
    ("src/app/a.cpp", "A(const A&) = delete;\nauto p = std::unique_ptr<A>(new A(1));\n"),
    ("src/app/a.cpp", 'auto t = R"(\n' + "{\n" * 80 + ')";\nint n = 1\'000;\n'),
    ("src/app/a.cpp", "constexpr auto t = to_array<P>({\n" + "  {1},\n" * 90 + "});\n"),
    ("src/app/a.cpp", f"int f() {{\n{TEN * 4}}}\n\nint g() {{\n{TEN * 4}}}\n"),
    ("src/app/service.cpp", "struct Service {};\nclass Handlers;\n"),
    ("src/app/service.cpp", "RealClock machine_;\n"),
    ("sandbox/main.cpp", "RealClock clock;\n"),
    ("src/net/http/a.cpp", "// RealClock is not named here.\n"),
    ("src/base/clock.cpp", "auto t = std::chrono::system_clock::now();\n"),
    ("src/cli/cli.cpp", 'std::cout << "x";\n'),
    ("test/blackbox/support/wait.js", "setTimeout(next, 50);\n"),
    ("test/torture/time.js", "setTimeout(next, 50);\n"),
    ("test/browser/a.test.js", "describe('x', () => {\n" + "  it();\n" * 80 + "});\n"),
)


class Rules(unittest.TestCase):
    def test_each_rule_fires_once_and_names_the_replacement(self):
        for path, text, words in BAD:
            with self.subTest(path=path, text=text[:60]):
                found = check_file(path, text)
                self.assertEqual(len(found), 1, found)
                self.assertIn(words, found[0])

    def test_good_code_passes(self):
        for path, text in GOOD:
            with self.subTest(path=path, text=text[:60]):
                self.assertEqual(check_file(path, text), [])

    def test_a_folder_that_is_not_on_the_map_is_named(self):
        paths = ["dev", "src/main.cpp", "src/base/log.cpp", "web/a.html", ".github/a.md"]
        self.assertEqual(check_map(paths, "`src/base/` and `web/`"), [])
        self.assertEqual(len(check_map(paths, "`src/` and `web/`")), 1)

    def test_a_wide_line_in_a_document_is_named(self):
        self.assertEqual(check_columns("docs/a.md", "x" * 140 + "\n"), [])
        self.assertEqual(len(check_columns("docs/a.md", "short\n| " + "x" * 140 + " |\n")), 1)

    def test_a_link_must_lead_to_a_file_and_a_heading(self):
        paths = ["README.md", "docs/a.md", "docs/images/a.png"]
        good = ("[a](docs/a.md#what-is-not-kept) ![b](docs/images/a.png) [c](https://x/y) "
                "[d](docs/images/) `[e](nowhere)`\n")
        page = "## What `is` not kept?\n[back](../README.md) [up](#what-is-not-kept)\n"
        self.assertEqual(check_links({"README.md": good, "docs/a.md": page}, paths), [])
        for bad in ("[a](docs/b.md)", "[a](docs/a.md#other)", "[a](#other)", "![a](a.png)"):
            with self.subTest(bad=bad):
                found = check_links({"README.md": bad, "docs/a.md": page}, paths)
                self.assertEqual(len(found), 1, found)

    def test_a_promise_names_a_test_that_is_there(self):
        documents = {"docs/a.md": "Test: `unit/a_test.cpp`, `blackbox/b.test.js`, `unit/store_*`\n"}
        self.assertEqual(len(check_tests(documents, ["test/unit/a_test.cpp"])), 1)

    def test_what_the_code_names_must_stand_in_its_document(self):
        sources = {
            "src/config/settings.cpp": '{"CLAIMCHECK_LISTEN", "127.0.0.1:8080", "where"},\n',
            "src/config/checkout_members.cpp": '{"mode", owned, no_subscription},\n',
            "src/api/api.cpp": '{"GET", "/api/file/{}", &Api::file},\n',
            "src/base/metrics.cpp": '{"claimcheck_orders_total", "state", "orders"},\n',
            "src/flow/a.cpp": 'log_error(\n    "order_held", {{"why", why}});\n',
        }
        documents = {
            "docs/configuration.md": "| `CLAIMCHECK_LISTEN` | `127.0.0.1:8080` | where |\n",
            "docs/checkout.md": "| `mode` | why |\n",
            "docs/http-api.md": "### `GET /api/file/{fileId}`\n",
            "docs/operations.md": "| `claimcheck_orders_total` | |\n| `order_held` | |\n",
        }
        self.assertEqual(check_named(documents, sources), [])
        self.assertEqual(len(check_named({}, sources)), len(sources))
        documents["docs/configuration.md"] = "| `CLAIMCHECK_LISTEN` | `0.0.0.0:80` | where |\n"
        self.assertEqual(len(check_named(documents, sources)), 1)


sys.exit(unittest.main(verbosity=1))
