"""Which source files can be compiled as one: groups.py <file...>, run in the root.

Prints a line `<group>|<file>` for each. Parsing the same headers again is most of what a file
costs, so files of one folder are put together. Two stay apart where a name in an unnamed namespace
of one means something else in the other, or where one defines a macro. A change of one file seldom
moves others, since the sequence of the files decides.
"""
import functools
import pathlib
import re
import sys

FILES_MAX = 8

COMMENT = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"'
                     r"|'(?:\\[^']+|[^'\\])'", re.S)
UNNAMED = re.compile(r"^namespace \{\n(.*?)^\}  // namespace$", re.S | re.M)
# Of what is declared there: a declaration begins a line, what belongs to it is indented.
TYPE = re.compile(r"^(?:struct|class|enum(?: class)?|concept|using) (\w+)")
FUNCTION = re.compile(r"(\w*[a-z]\w*)\(")  # no macro, such as TEST_CASE
VARIABLE = re.compile(r"(\w+)(?:\[[^\]]*\])*(?: =|;|\{|$)")
USED = re.compile(r"(?<![.>:\w])([A-Za-z_]\w*)(\()?")
INCLUDED = re.compile(r'^#include "(.+)"$', re.M)
ROOTS = [pathlib.Path(name) for name in ("src", "sandbox", "test", "test/unit", ".")]


@functools.cache
def names_of(header: str) -> frozenset[str]:
    """The functions and types that a header and what it includes declare."""
    path = next((root / header for root in ROOTS if (root / header).exists()), None)
    if path is None:
        return frozenset()  # made by the build
    text = path.read_text()
    plain = COMMENT.sub(" ", text)
    found = set(FUNCTION.findall(plain)) | set(re.findall(TYPE.pattern, plain, re.M))
    return frozenset(found.union(*map(names_of, INCLUDED.findall(text))))


class Source:
    def __init__(self, name: str) -> None:
        self.name = name
        self.folder = str(pathlib.Path(name).parent)
        text = pathlib.Path(name).read_text()
        self.alone = re.search(r"^#define|^using namespace", text, re.M) is not None
        used = USED.findall(COMMENT.sub(" ", text))
        self.words = {word for word, _ in used}
        self.called = {word for word, call in used if call}
        self.known = set().union(*map(names_of, INCLUDED.findall(text)))
        self.functions: set[str] = set()
        self.others: set[str] = set()
        for body in UNNAMED.findall(text):
            for line in COMMENT.sub(" ", body).splitlines():
                if line[:1].isalpha() and not re.match(r"using [\w:]+;", line):
                    self.declare(line)

    def declare(self, line: str) -> None:
        if named := TYPE.match(line):
            self.others.add(named[1])
        elif named := FUNCTION.search(line.partition(" = ")[0]):
            self.functions.add(named[1])
        elif named := VARIABLE.search(line):
            self.others.add(named[1])

    def hides(self, other: "Source") -> bool:
        unknown = other.known - self.known
        return bool(self.functions & (other.functions | other.called | unknown)
                    or self.others & (other.words | unknown))


def main() -> None:
    groups: list[list[Source]] = []
    for source in map(Source, sys.argv[1:]):
        if source.alone:
            continue
        for group in groups:
            if (group[0].folder == source.folder and len(group) < FILES_MAX
                    and not any(source.hides(other) or other.hides(source) for other in group)):
                group.append(source)
                break
        else:
            groups.append([source])
    for number, group in enumerate(groups):
        for source in group:
            print(f"g{number}|{source.name}")


main()
