"""clang-tidy over src/ and sandbox/: lint.py <build folder>; two at a time.

Files that are compiled together are looked at together. What passed is not looked at again until
it, a header it includes, the settings or its compile command change. The record is shared by all
clones, as the compiler's cache is.
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
CLANG_TIDY = "clang-tidy-19"
FOLDERS = (ROOT / "src", ROOT / "sandbox")
RECORD = pathlib.Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "claimcheck-lint"
SKIPPED = ROOT / "src" / "separate"  # other people's code


def dependencies(build: pathlib.Path) -> dict[str, list[str]]:
    """What each object file was made from, as the compiler told Ninja, own files only."""
    text = subprocess.run(["ninja", "-C", build, "-t", "deps"], capture_output=True, text=True,
                          check=True).stdout
    result: dict[str, list[str]] = {}
    files: list[str] = []
    for line in text.splitlines():
        if line and not line.startswith(" "):
            files = result.setdefault(line.split(":")[0], [])
        elif line.strip() and "/.deps/" not in line:
            path = build / line.strip()
            if path.is_relative_to(ROOT):
                files.append(str(path))
    return result


def sources(entry: dict) -> list[pathlib.Path]:
    """The file, or the ones of its group."""
    path = pathlib.Path(entry["file"])
    if path.parent.name != "Unity":
        return [path]
    return [pathlib.Path(name) for name in re.findall(r'#include "(.+)"', path.read_text())]


def is_ours(path: pathlib.Path) -> bool:
    return any(map(path.is_relative_to, FOLDERS)) and not path.is_relative_to(SKIPPED)


def output(entry: dict) -> str:
    words = entry["command"].split()
    return words[words.index("-o") + 1]


def fingerprint(entry: dict, files: list[str], version: str) -> str:
    digest = hashlib.sha256(f"{version}{entry['command']}".replace(str(ROOT), "").encode())
    for name in sorted([str(ROOT / ".clang-tidy"), entry["file"], *files]):
        path = pathlib.Path(entry["directory"]) / name
        digest.update(name.replace(str(ROOT), "").encode())
        digest.update(path.read_bytes().replace(bytes(ROOT), b"") if path.exists() else b"")
    return digest.hexdigest()


def lint(entry: dict, build: pathlib.Path) -> str:
    """The findings in one file, empty if there are none."""
    done = subprocess.run([CLANG_TIDY, "--quiet", "-p", build, entry["file"]],
                          capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def main() -> int:
    build = pathlib.Path(sys.argv[1]).resolve()
    RECORD.mkdir(parents=True, exist_ok=True)
    version = subprocess.run([CLANG_TIDY, "--version"], capture_output=True, text=True).stdout
    made_from = dependencies(build)
    pending = {}
    entries = json.loads((build / "compile_commands.json").read_text())
    for entry in entries:
        if not any(map(is_ours, sources(entry))):
            continue
        stamp = RECORD / fingerprint(entry, made_from.get(output(entry), []), version)
        if not stamp.exists():
            pending[stamp] = entry
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        findings = pool.map(lambda entry: lint(entry, build), pending.values())
        for (stamp, entry), finding in zip(pending.items(), findings):
            if finding:
                failed += 1
                print(finding, flush=True)
            else:
                stamp.touch()
    print(f"lint: {len(pending)} compilations looked at, {failed} with findings")
    return 1 if failed else 0


sys.exit(main())
