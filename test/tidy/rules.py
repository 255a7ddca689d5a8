"""The house rules as data and small functions; every message names what to do instead."""
import pathlib
import re

from source import CXX, code_only, functions

FLOW = {"base", "domain", "store", "stripe", "generator", "storage", "flow"}
CONFIG = FLOW | {"net", "report", "notify", "config"}
APP = CONFIG | {"api", "app"}
LAYERS = {
    "base": {"base"},
    "domain": {"base", "domain"},
    "net": {"base", "net"},
    "store": {"base", "domain", "net", "store", "embedded"},
    "stripe": {"base", "domain", "net", "stripe"},
    "generator": {"base", "domain", "net", "generator"},
    "storage": {"base", "net", "storage"},
    "flow": FLOW,
    "report": FLOW | {"report"},
    "notify": FLOW | {"notify", "embedded"},
    "config": CONFIG,
    "api": FLOW | {"net", "report", "api", "embedded"},
    "app": APP,
    "cli": APP | {"cli"},
    "sandbox": {"base", "net", "sandbox", "embedded"},
}
# Single headers that a layer may use although their folder is not its own to use.
LAYER_HEADERS = {
    "flow": {"net/http/http.hpp"},
    "report": {"net/http/http.hpp"},
    "notify": {"net/http/http.hpp", "net/smtp/mail.hpp"},
    "sandbox": {"stripe/signature.hpp"},
}

# (what, pattern in C++ code, where it is allowed, what to do instead)
LIBRARIES = (
    ("Beast, Boost.Redis, TLS streams and curl",
     r"#include <(boost/(beast|redis|asio/ssl)|curl/)", r"src/(net|separate)/",
     "use the plain structs of net/http/http.hpp and net/redis/redis.hpp"),
    ("OpenSSL", r"#include <openssl/", r"src/(base/crypto\.cpp|net/)", "use base/crypto.hpp"),
)
CALLS = (
    ("a sleep", r"this_thread::sleep_|(?<![\w.:>])(?<!> )(::)?(u|nano)?sleep\s*\(",
     r"src/base/clock", "co_await Clock::sleep"),
    ("reading the time", r"(system_clock|steady_clock|high_resolution_clock)::now",
     r"src/base/clock", "ask the Clock that was passed in (base/clock.hpp)"),
    ("RealClock", r"\bRealClock\b",
     r"src/(base/|app/service\.cpp|cli/)|sandbox/main\.cpp|test/|examples/",
     "take a Clock& from above: only the composition root holds the machine's clock"),
    ("an Asio timer", r"\b(steady_timer|system_timer|deadline_timer|high_resolution_timer)\b",
     r"src/(base/(signal|clock)|net/)|test/",
     "co_await Clock::sleep (base/clock.hpp), or a Signal"),
    ("printing", r"std::(cout|cerr|clog)|\bv?f?printf\s*\(|\bf?puts\s*\(|\bfmt::print\s*\(",
     r"src/(cli/|main\.cpp)|sandbox/main\.cpp|test/|examples/",
     "log through base/log.hpp, or print in cli"),
    ("co_spawn", r"\bco_spawn\s*\(",
     r"src/(base/(tasks|at_once)|net/|main\.cpp)|sandbox/main\.cpp|test/|examples/",
     "start it as a task (base/tasks.hpp), or wait for it (base/at_once.hpp)"),
    ("a raw new", r"\bnew\s+[\w:<(]", None, "std::make_unique or a value"),
    ("a raw delete", r"(?<!= )(?<!=)\bdelete\s*(\[\]\s*)?[\w*(:]", None,
     "std::unique_ptr or a value"),
)
# A private constructor keeps make_unique out; the pointer owns from the first moment all the same.
OWNED_NEW = re.compile(r"_ptr<[\w:]+>\(new ")
CLASS_SUFFIX = re.compile(
    r"\b(?:class|struct)\s+(\w+(?:Manager|Handler|Helper|Utils?|Service|Impl))\b")
PATH_WORD = re.compile(r"(?:^|[/_.\-])(utils?|helpers?|common|misc|manager)(?=$|[/_.\-])")

UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
HOSTS = re.compile("|".join(r"\.".join(words) for words in (
    ("deb", "debian", "org"), ("security", "debian", "org"), ("snapshot", "debian", "org"),
    ("registry", "npmjs"), ("npmjs", "com"), ("pypi", "org"), ("crates", "io"),
    ("proxy", "golang", "org"))))
FOREIGN_PATH = re.compile(r"(?<![\w.~-])/(work|root)/")
JS_SLEEP_ALLOWED = re.compile(r"test/(blackbox/support/|torture/time\.js$)")
JS_SLEEP = re.compile(r"\bsetTimeout\s*\(|timers/promises|\bwaitForTimeout\s*\(")

FUNCTION_LINES, LINE_COLUMNS, FILE_LINES, HEADER_COMMENT_LINES = 70, 100, 400, 2
SIZED = CXX | {".js", ".py", ".lua", ".html"}
NARROW = SIZED | {".css", ".cmake", ".sh", ".txt", ""}


def check_file(path: str, text: str) -> list[str]:
    """Every broken rule in one file, as `path:line: what; instead`."""
    suffix = pathlib.PurePath(path).suffix
    found = [*check_words(path, text), *check_sizes(path, text, suffix)]
    if suffix in CXX:
        code = code_only(text, suffix)
        found += check_patterns(path, code)
        if path.startswith(("src/", "sandbox/")):
            found += check_includes(path, code)
    if suffix == ".hpp":
        found += check_header(path, text)
    if suffix == ".js" and path.startswith("test/") and not JS_SLEEP_ALLOWED.match(path):
        found += matches(path, code_only(text, suffix), JS_SLEEP,
                         "a sleep in a test; wait for the event with test/blackbox/support")
    return found


def matches(path: str, text: str, pattern: re.Pattern, message: str) -> list[str]:
    return [f"{path}:{text.count(chr(10), 0, match.start()) + 1}: {message}"
            for match in pattern.finditer(text)]


def check_words(path: str, text: str) -> list[str]:
    found = []
    if word := PATH_WORD.search(path):
        found.append(f"{path}:1: path word '{word[1]}'; name the file after what it holds")
    if path.startswith("test/tidy/"):
        return found  # speaks of the words below
    found += matches(path, text, UNFINISHED, "unfinished; do it now or open an issue")
    found += matches(path, text, HOSTS, "a registry's host; use the machine's own settings")
    found += matches(path, text, FOREIGN_PATH, "a machine's absolute path; make it relative")
    return found


def check_sizes(path: str, text: str, suffix: str) -> list[str]:
    if path.endswith((".min.js", "LICENSE")) or path.startswith("test/data/"):
        return []
    found = []
    lines = text.split("\n")
    if suffix in NARROW:
        found += [f"{path}:{number}: {len(line)} columns; break it at {LINE_COLUMNS}"
                  for number, line in enumerate(lines, 1) if len(line) > LINE_COLUMNS]
    if suffix in SIZED and len(lines) - 1 > FILE_LINES:
        found.append(f"{path}:1: {len(lines) - 1} lines; split it, {FILE_LINES} is the limit")
    if suffix in CXX | {".js", ".py"}:
        found += [f"{path}:{line}: function of {count} lines ({name}); split it, "
                  f"{FUNCTION_LINES} is the limit"
                  for line, count, name in functions(text, suffix) if count > FUNCTION_LINES]
    return found


def check_header(path: str, text: str) -> list[str]:
    first = text.split("\n")[:HEADER_COMMENT_LINES]
    if len(first) == HEADER_COMMENT_LINES and all(line.startswith("//") for line in first):
        return []
    return [f"{path}:1: no opening paragraph; say in {HEADER_COMMENT_LINES} or more // lines what "
            "it is, promises, who owns it, what to use instead"]


def check_patterns(path: str, code: str) -> list[str]:
    found = []
    code = OWNED_NEW.sub(lambda match: " " * len(match.group()), code)
    for what, pattern, allowed, instead in CALLS:
        if not (allowed and re.match(allowed, path)):
            found += matches(path, code, re.compile(pattern), f"{what}; {instead}")
    for match in CLASS_SUFFIX.finditer(code):
        line = code.count("\n", 0, match.start()) + 1
        found.append(f"{path}:{line}: class name '{match[1]}'; say the noun or write a function")
    return found


def check_includes(path: str, code: str) -> list[str]:
    found = []
    for what, pattern, allowed, instead in LIBRARIES:
        if not re.match(allowed, path):
            found += matches(path, code, re.compile(pattern), f"{what} here; {instead}")
    parts = path.split("/")
    layer = "sandbox" if parts[0] == "sandbox" else parts[1]
    if layer not in LAYERS:
        return found  # src/main.cpp, src/separate
    for match in re.finditer(r'#include "((\w+)/[^"]*)"', code):
        header, folder = match[1], match[2]
        if folder in LAYERS[layer] or header in LAYER_HEADERS.get(layer, ()):
            continue
        line = code.count("\n", 0, match.start()) + 1
        found.append(f"{path}:{line}: {layer} includes {header}; pass what it needs in from above "
                     f"({layer} may use {', '.join(sorted(LAYERS[layer]))})")
    return found


def check_map(paths: list[str], architecture: str) -> list[str]:
    """Every top folder and every folder of src/ stands in ARCHITECTURE.md; .github has no code."""
    folders = {path.split("/")[0] for path in paths if "/" in path} - {".github"}
    folders |= {path.split("/")[1] for path in paths if re.match(r"src/\w+/", path)}
    return [f"ARCHITECTURE.md:1: {folder}/ is not on the map; say in one line what it holds"
            for folder in sorted(folders)
            if not re.search(rf"(?<!\w){re.escape(folder)}/", architecture)]
