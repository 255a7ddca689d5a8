"""Writes a C++ header that holds files as constants: embed.py <kind> <header> [file…].

Kind `lua` gives one string_view `lua_<name>` per file; any other kind gives an array
`<kind>_files` of embedded::File. Bytes are written as escapes, so any file is safe.
"""
import pathlib
import re
import sys

CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".mp4": "video/mp4",
    ".webp": "image/webp",
    ".wav": "audio/wav",
}
SCRIPT_COMMENT = re.compile(rb"^\s*//.*\n", re.MULTILINE)
# An import names the module's place in web/; all of them are served in one folder.
OTHER_FOLDER = re.compile(rb"(from ')\.\./\w+/")
INDENTATION = re.compile(rb"^[ ]+", re.MULTILINE)
PLAIN = {byte: chr(byte) for byte in range(0x20, 0x7F)}
PLAIN |= {ord("\\"): "\\\\", ord('"'): '\\"', ord("?"): "\\?", ord("\n"): '\\n"\n    "'}


def literal(data: bytes) -> str:
    """A string_view of exactly these bytes; octal escapes end by themselves after three digits."""
    text = "".join(PLAIN.get(byte, f"\\{byte:03o}") for byte in data)
    return f'{{\n    "{text}",\n    {len(data)}}}'


def lua_constants(files: list[pathlib.Path]) -> str:
    return "\n".join(
        f"inline constexpr std::string_view lua_{file.stem}{literal(file.read_bytes())};\n"
        for file in files)


def delivered(file: pathlib.Path) -> bytes:
    """Scripts go over the line without comments and indentation, their imports as addresses."""
    data = file.read_bytes()
    if file.suffix != ".js":
        return data
    data = INDENTATION.sub(b"", SCRIPT_COMMENT.sub(b"", data))
    return OTHER_FOLDER.sub(rb"\1./", data)


def file_array(kind: str, files: list[pathlib.Path]) -> str:
    entries = "".join(
        f'    File{{"{file.name}", "{CONTENT_TYPES[file.suffix]}",\n'
        f"    std::string_view{literal(delivered(file))}}},\n" for file in files)
    return f"inline constexpr std::array<File, {len(files)}> {kind}_files{{{{\n{entries}}}}};\n"


def main() -> None:
    kind, header = sys.argv[1], pathlib.Path(sys.argv[2])
    files = sorted(map(pathlib.Path, sys.argv[3:]))
    body = lua_constants(files) if kind == "lua" else file_array(kind, files)
    header.parent.mkdir(parents=True, exist_ok=True)
    header.write_text(
        "// Generated at build time by cmake/embed.py; do not edit.\n#pragma once\n\n"
        '#include <array>\n#include <string_view>\n\n#include "embedded/file.hpp"\n\n'
        "// Long literals are the point of this file.\n"
        "#pragma clang system_header\n\n"
        f"namespace claimcheck::embedded {{\n\n{body}\n}}  // namespace claimcheck::embedded\n")


main()
