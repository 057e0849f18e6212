"""A build with one piece of its source replaced: nothing in the product knows of it."""

from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Any


class Mutant(MetaPathFinder, Loader):
    """Loads one module with a piece of its source, which stands there once, replaced."""

    def __init__(self, module: str, on: str, off: str) -> None:
        self.module, self.on, self.off = module, on, off

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        if fullname != self.module:
            return None
        found = PathFinder.find_spec(fullname, path)
        assert found is not None
        assert found.origin is not None
        self.origin = found.origin
        return spec_from_loader(fullname, self, origin=found.origin)

    def exec_module(self, module: ModuleType) -> None:
        source = Path(self.origin).read_text()
        assert source.count(self.on) == 1, f"not once in {self.module}: {self.on}"
        exec(compile(source.replace(self.on, self.off), self.origin, "exec"), module.__dict__)
