"""House rules as a test: tidy.py looks at every file that git tracks or would track."""
import os
import pathlib
import subprocess
import sys

from documents import check_columns, check_links, check_named, check_tests
from rules import check_file, check_map

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = {".mp4", ".webp", ".wav", ".png", ".jpg", ".ico", ".woff2", ".gz"}
GENERATED = {"package-lock.json"}


def tracked_files() -> list[str]:
    output = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True, text=True, check=True).stdout
    return sorted(path for path in set(output.split("\0")) if path and (ROOT / path).is_file())


def empty_folders(root: pathlib.Path) -> list[str]:
    """Folders that hold nothing, which git would silently drop."""
    found = []
    for folder, folders, files in os.walk(root):
        hidden = {".git", ".deps", "build", "node_modules", "__pycache__", "claimcheck-data"}
        folders[:] = [name for name in folders if name not in hidden]
        if not folders and not files and not hidden & set(os.listdir(folder)):
            found.append(f"{os.path.relpath(folder, root)}:1: empty folder; delete it")
    return found


def main() -> int:
    paths = tracked_files()
    found = empty_folders(ROOT)
    texts = {path: (ROOT / path).read_text(encoding="utf-8") for path in paths
             if pathlib.PurePath(path).suffix not in BINARY and path not in GENERATED}
    for path, text in texts.items():
        found += check_file(path, text)
    documents = {path: text for path, text in texts.items() if path.endswith(".md")}
    for path, text in documents.items():
        found += check_columns(path, text)
    found += [*check_links(documents, paths), *check_tests(documents, paths)]
    found += check_named(documents, texts)
    architecture = ROOT / "ARCHITECTURE.md"
    if architecture.exists():
        found += check_map(paths, architecture.read_text(encoding="utf-8"))
    print("\n".join(found) if found else f"tidy: {len(paths)} files, nothing to say")
    return 1 if found else 0


sys.exit(main())
