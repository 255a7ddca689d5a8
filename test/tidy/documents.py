"""What the documents must say: links that lead somewhere, and a row for everything that a user can
set, call, watch or be alarmed by. Compared with the source as text, so that no build is needed."""
import os
import pathlib
import re

DOCUMENT_COLUMNS = 140
LINK = re.compile(r"\]\(([^()\s]+)\)")
TEST = re.compile(r"`((?:unit|blackbox|browser)/[\w./]+\.(?:cpp|js))`")
CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.DOTALL | re.MULTILINE)

# (what, where the source names it, pattern there, document, its row there)
NAMED = (
    ("setting", r"src/.*settings\.cpp",
     r'\{"((?:CLAIMCHECK|REDIS|STRIPE|SUPERDUPERAI)_[A-Z_]+)", "([^"]*)"',
     "docs/configuration.md", "| {0} | {1} |"),
    ("member of [checkout]", r"src/config/checkout_members\.cpp",
     r'\{"([a-z_.\[\]]+)",\s*(?!section,|section\})[a-z]+', "docs/checkout.md", "| {0} |"),
    ("route", r"src/.*api\.cpp", r'\{"([A-Z]+)", "(/[^"]*)"', "docs/http-api.md", "# {0} {1}\n"),
    ("metric", r"src/base/metrics\.cpp", r'"(claimcheck_[a-z_]+)"', "docs/operations.md",
     "| {0} |"),
    ("error in the log", r"src/.*\.cpp", r'log_error\(\s*"([a-z_]+)"', "docs/operations.md",
     " {0}"),
)


def check_columns(path: str, text: str) -> list[str]:
    return [f"{path}:{number}: {len(line)} columns; break it at {DOCUMENT_COLUMNS}, or make the "
            "table a list"
            for number, line in enumerate(text.split("\n"), 1) if len(line) > DOCUMENT_COLUMNS]


def anchors(text: str) -> set[str]:
    """As GitHub makes them from the headings."""
    words = (heading.lower().replace("`", "") for heading in re.findall(r"(?m)^#+ (.+)$", text))
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in words}


def check_links(documents: dict[str, str], paths: list[str]) -> list[str]:
    """Every relative link in a document names a file or folder, and a heading in it."""
    places = set(paths)
    places |= {str(parent) for path in paths for parent in pathlib.PurePath(path).parents}
    found = []
    for path, text in documents.items():
        prose = CODE.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)
        for match in LINK.finditer(prose):
            target, _, anchor = match[1].partition("#")
            if re.match(r"[a-z]+:", target):
                continue
            place = os.path.normpath(os.path.join(os.path.dirname(path), target))
            place = place if target else path
            line = prose.count("\n", 0, match.start()) + 1
            if place not in places:
                found.append(f"{path}:{line}: a link to {match[1]}; there is no such file")
            elif anchor and anchor not in anchors(documents.get(place, "")):
                found.append(f"{path}:{line}: a link to {match[1]}; there is no such heading")
    return found


def check_tests(documents: dict[str, str], paths: list[str]) -> list[str]:
    """A promise names a test that is there."""
    return [f"{path}:{text.count(chr(10), 0, match.start()) + 1}: {match[1]}; there is no such test"
            for path, text in documents.items() for match in TEST.finditer(text)
            if f"test/{match[1]}" not in paths]


def plain(text: str) -> str:
    """Without back quotes, and with one spelling of what stands for an id."""
    return re.sub(r"\{\w*\}", "{}", text.replace("`", ""))


def check_named(documents: dict[str, str], sources: dict[str, str]) -> list[str]:
    """Every setting, route, metric and alarm of the code has its row in a document."""
    found = []
    for what, place, pattern, document, form in NAMED:
        text = plain(documents.get(document, ""))
        for path, source in sources.items():
            for match in re.finditer(pattern, source) if re.fullmatch(place, path) else ():
                row = plain(form.format(*match.groups()))
                if row not in text:
                    line = source.count("\n", 0, match.start()) + 1
                    found.append(f"{path}:{line}: {what} {match[1]}; {document} needs a row with "
                                 f"\"{row.strip()}\"")
    return found
