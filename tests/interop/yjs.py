"""Real Yjs in a Node process that lives as long as the tests: `peer.mjs` says what it understands."""

import json
import shutil
import subprocess
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any, Self

HERE = Path(__file__).parent


def install() -> None:
    """What package.json names, unless it is there already."""
    wanted, found = HERE / "package-lock.json", HERE / "node_modules" / ".package-lock.json"
    if not found.exists() or found.stat().st_mtime < wanted.stat().st_mtime:
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=HERE, check=True, capture_output=True)


class Yjs:
    """One process, many documents. Calls go one by one; a fault in JavaScript is an AssertionError here."""

    def __init__(self) -> None:
        node = shutil.which("node")
        assert node is not None, "Node is not on the path"
        install()
        self._process = subprocess.Popen(
            [node, str(HERE / "peer.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        self._documents = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stdin.close()
        self._process.wait(timeout=60)
        self._stdout.close()

    def call(self, command: str, **arguments: Any) -> Any:
        body = json.dumps({"command": command, **arguments}, ensure_ascii=False).encode()
        self._stdin.write(len(body).to_bytes(4, "little") + body)
        answer = json.loads(self._read(int.from_bytes(self._read(4), "little")))
        assert "fault" not in answer, answer["fault"]
        return answer["result"]

    def open(self, client: int) -> "YjsDoc":
        self._documents += 1
        return YjsDoc(self, self._documents, client)

    def _read(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            more = self._stdout.read(size - len(data))
            assert more, "Node has gone"
            data += more
        return data


class YjsDoc:
    """A Y.Doc with the Text `text` and the Map `paragraphs` (T1). Whatever it says by itself (its edits, and marks that
    it tidies after others' edits) comes back from the call that caused it."""

    def __init__(self, yjs: Yjs, number: int, client: int) -> None:
        self._yjs, self._number = yjs, number
        self.text = ""
        yjs.call("open", doc=number, client=client)

    def edit(self, steps: list[list[Any]]) -> list[bytes]:
        """Steps of one transaction: offsets and sizes in UTF-16 units."""
        return self._spoken("edit", steps=steps)

    def apply(self, updates: list[bytes]) -> list[bytes]:
        return self._spoken("apply", updates=[b64encode(update).decode() for update in updates])

    def follow(self, updates: list[bytes]) -> tuple[list[bytes], list[dict[str, Any]]]:
        """Apply one by one; what it said of itself, and what `read` gives after each."""
        answer = self._call("follow", updates=[b64encode(update).decode() for update in updates])
        self.text = answer["text"]
        return [b64decode(update) for update in answer["updates"]], answer["reads"]

    def undo(self, redo: bool = False) -> list[bytes]:
        return self._spoken("undo", redo=redo)

    def missing(self, vector: bytes | None = None) -> bytes:
        asked = {} if vector is None else {"vector": b64encode(vector).decode()}
        return b64decode(self._call("missing", **asked))

    def vector(self) -> bytes:
        return b64decode(self._call("vector"))

    def read(self) -> dict[str, Any]:
        """text; items: [client, clock, text] of the living, in order; delta: [text, marks]; map; pending: bool."""
        return dict(self._call("read"))

    def close(self) -> None:
        self._call("close")

    def _spoken(self, command: str, **arguments: Any) -> list[bytes]:
        answer = self._call(command, **arguments)
        self.text = answer["text"]
        return [b64decode(update) for update in answer["updates"]]

    def _call(self, command: str, **arguments: Any) -> Any:
        return self._yjs.call(command, doc=self._number, **arguments)
