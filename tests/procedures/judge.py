"""The browser's check of a form, run in Node."""

import json
import subprocess
import sys
from pathlib import Path

from tests.factories.questionnaires import AROUND

HERE = Path(__file__).parent


OWN = Path(sys.prefix) / "bin" / "node"


NODE = OWN if OWN.exists() else "node"  # the one that builds the front end


class Judge:
    """The module in one Node for the whole file."""

    def __init__(self) -> None:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = subprocess.Popen([NODE, HERE / "judge.mjs"], text=True, encoding="utf-8", **pipes)

    def __call__(self, rules: dict, typed: dict[str, str]) -> dict:
        asked = json.dumps({"rules": rules, "typed": typed, "listed": sorted(AROUND.communes)})
        self.process.stdin.write(asked + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=60)
