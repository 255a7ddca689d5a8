"""Reading source text: blanking comments and strings, and measuring functions."""
import ast
import re

CXX = {".cpp", ".hpp"}

CXX_TOKEN = re.compile(
    r'R"(?P<mark>[^()\s\\]{0,16})\((?:.|\n)*?\)(?P=mark)"'
    r'|//[^\n]*|/\*(?:.|\n)*?\*/'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'")
JS_TOKEN = re.compile(
    r"//[^\n]*|/\*(?:.|\n)*?\*/"
    r"|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`"
    r"|(?<=[(,=:!&|?;\[{ ])/(?![*/ ])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/(?=[\s.,;)gimsuy])")

# What may stand before a brace that opens no function. JavaScript's test groups count as such.
NO_FUNCTION = re.compile(
    r"^\s*(?:namespace|class|struct|union|enum|extern|if|for|while|switch|else|do|try|catch|return"
    r"|export (?:default )?class|describe|suite)\b")


def code_only(text: str, suffix: str) -> str:
    """The text with comments and literals blanked, `#include` lines kept; lines stay in place."""
    token = CXX_TOKEN if suffix in CXX else JS_TOKEN

    def blank(match: re.Match) -> str:
        line_start = text.rfind("\n", 0, match.start()) + 1
        if text.startswith("#include", line_start):
            return match.group()
        return re.sub(r"[^\n]", " ", match.group())

    return token.sub(blank, text)


def functions(text: str, suffix: str) -> list[tuple[int, int, str]]:
    """(first line, number of lines, what it begins with) of each outermost function."""
    if suffix == ".py":
        return [(node.lineno, node.end_lineno - node.lineno + 1, node.name)
                for node in ast.walk(ast.parse(text))
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return brace_functions(code_only(text, suffix))


def brace_functions(code: str) -> list[tuple[int, int, str]]:
    code = re.sub(r"(?m)^#.*$", "", code)
    found, depth, statement = [], 0, 0
    opened = None  # (depth, offset) of the function being measured
    for match in re.finditer(r"[{};]", code):
        mark, offset = match.group(), match.start()
        if mark == "{":
            head = code[statement:offset]
            if opened is None and "(" in head and not NO_FUNCTION.match(head) and (
                    head.rstrip()[-1] not in "(,="):
                opened = (depth, statement + len(head) - len(head.lstrip()))
            depth += 1
        elif mark == "}":
            depth -= 1
            if opened is not None and depth == opened[0]:
                start = opened[1]
                lines = code.count("\n", start, offset) + 1
                name = code[start:offset].split("\n", 1)[0].strip()
                found.append((code.count("\n", 0, start) + 1, lines, name))
                opened = None
        statement = offset + 1
    return found
