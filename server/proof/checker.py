"""The stand-alone checker: one file that Python runs, out of the very modules with which this server checks.

The same sources give the same bytes, so that its digest can be compared with that of another copy.
"""

import ast
import io
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import crdt
from server.proof import script

NAME = "check.pyz"
SHEBANG = b"#!/usr/bin/env python3\n"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the first time that a ZIP can tell

_SOURCES = Path(crdt.__file__).parent


@cache
def checker() -> bytes:
    """Stored, not compressed: what a compressor makes of it depends on its version."""
    file = io.BytesIO()
    file.write(SHEBANG)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, path in sorted(_files().items()):
            info = zipfile.ZipInfo(name, EPOCH)
            info.create_system, info.external_attr = 3, 0o644 << 16  # as on Unix, wherever it is made
            archive.writestr(info, path.read_bytes())
    return file.getvalue()


def _files() -> dict[str, Path]:
    """The script, and all that it imports of `crdt`, directly or through others."""
    files = {"__main__.py": Path(script.__file__)}
    ahead = list(_imports(files["__main__.py"]))
    while ahead:
        for name, path in _places(ahead.pop()):
            if name not in files:
                files[name] = path
                ahead += _imports(path)
    return files


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] == crdt.__name__:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _places(module: str) -> Iterator[tuple[str, Path]]:
    """A module and the packages around it, by their names in the archive; nothing for what is no module."""
    parts = module.split(".")
    for size in range(1, len(parts) + 1):
        place = _SOURCES.parent.joinpath(*parts[:size])
        for path in (place / "__init__.py", place.with_suffix(".py")):
            if path.is_file():
                yield path.relative_to(_SOURCES.parent).as_posix(), path
