"""Names every circle of modules that import each other, imports within functions included.

Part of `make check`: import-linter guards layers and subjects, but knows circles between packages only.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import grimp

CHECKOUT = Path(__file__).resolve().parent.parent


def circles(graph: grimp.ImportGraph) -> list[list[str]]:
    """Sorted lists of the modules of each strongly connected part with more than one module (Tarjan 1972)."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    path: list[str] = []
    found = []

    def visit(module: str) -> None:
        number[module] = lowest[module] = len(number)
        path.append(module)
        for imported in sorted(graph.find_modules_directly_imported_by(module)):
            if imported not in number:
                visit(imported)
                lowest[module] = min(lowest[module], lowest[imported])
            elif imported in path:
                lowest[module] = min(lowest[module], number[imported])
        if lowest[module] == number[module]:
            part = path[path.index(module) :]
            del path[path.index(module) :]
            if len(part) > 1:
                found.append(sorted(part))

    for module in sorted(graph.modules):
        if module not in number:
            visit(module)
    return found


def main() -> int:
    sys.path.insert(0, str(CHECKOUT))
    sys.setrecursionlimit(10_000)
    settings = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["importlinter"]
    graph = grimp.build_graph(*settings["root_packages"], exclude_type_checking_imports=True, cache_dir=None)
    found = circles(graph)
    for part in found:
        print("These modules import each other:", ", ".join(part))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
