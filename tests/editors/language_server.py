"""A YAML language server as an editor drives it: a process, spoken to in JSON-RPC over its pipes."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from typing import IO, Any

PROGRAM = Path(sys.prefix, "editors", "node_modules", "yaml-language-server", "bin", "yaml-language-server")
"""Where `make test-editors` puts it."""

PATIENCE = 60
"""Seconds for one answer; a loaded machine needs some of them."""

CURSOR = "‸"
SETTINGS = {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}

Message = dict[str, Any]


class LanguageServer:
    """One running server. Documents are opened with their text; nothing is read but their schemas."""

    def __init__(self, process: subprocess.Popen[bytes], root: Path) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._input = process.stdin
        self._root = root
        self._arrived: Queue[Message] = Queue()
        self._diagnostics: dict[str, list[Message]] = {}
        self._count = 0
        threading.Thread(target=self._listen, args=(process.stdout,), daemon=True).start()
        snippets = {"completionItem": {"snippetSupport": True, "documentationFormat": ["markdown"]}}
        capabilities = {
            "textDocument": {"completion": snippets, "hover": {"contentFormat": ["markdown"]}},
            "workspace": {"configuration": True},
        }
        self._ask("initialize", {"processId": None, "rootUri": root.as_uri(), "capabilities": capabilities})
        self._tell("initialized", {})

    def open(self, name: str, text: str) -> str:
        """A new file in the editor, beside that of this name; the answer is its address."""
        self._count += 1
        path = self._root / name
        uri = path.with_name(f"{self._count}-{path.name}").as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})
        return uri

    def completions(self, name: str, text: str) -> dict[str, str]:
        """What is offered at the cursor: label → what it inserts."""
        answer = self._at_cursor("completion", name, text)
        return {item["label"]: item.get("insertText", "") for item in answer["items"]} if answer else {}

    def hover(self, name: str, text: str) -> str:
        """The Markdown that explains what is at the cursor."""
        answer = self._at_cursor("hover", name, text)
        return str(answer["contents"]["value"]) if answer else ""

    def complaints(self, uri: str) -> list[tuple[int, str]]:
        """What is marked as wrong in a file: the line, from 1, and the message."""
        while uri not in self._diagnostics:
            self._hear(self._next())
        found = self._diagnostics[uri]
        assert [each for each in found if not isinstance(each["message"], str)] == []
        return [(each["range"]["start"]["line"] + 1, each["message"]) for each in found]

    def stop(self) -> None:
        """Say goodbye in the protocol's way."""
        self._ask("shutdown", None)
        self._tell("exit", None)
        self._input.close()

    def _at_cursor(self, what: str, name: str, text: str) -> Any:
        before, _, after = text.partition(CURSOR)
        uri = self.open(name, before + after)
        position = {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}
        return self._ask(f"textDocument/{what}", {"textDocument": {"uri": uri}, "position": position})

    def _ask(self, method: str, params: Any) -> Any:
        self._count += 1
        asked = self._count
        self._send({"id": asked, "method": method, "params": params})
        while (message := self._next()).get("id") != asked or "method" in message:
            self._hear(message)
        assert "error" not in message, message["error"]
        return message["result"]

    def _tell(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: Message) -> None:
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._input.write(b"Content-Length: %d\r\n\r\n%s" % (len(content), content))
        self._input.flush()

    def _next(self) -> Message:
        try:
            return self._arrived.get(timeout=PATIENCE)
        except Empty:
            raise TimeoutError(f"The language server said nothing for {PATIENCE} s.") from None

    def _hear(self, message: Message) -> None:
        """What comes unasked: what is wrong with a document, and questions about our settings."""
        if message.get("method") == "textDocument/publishDiagnostics":
            self._diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif message.get("method") == "workspace/configuration":
            asked = message["params"]["items"]
            answer = [SETTINGS if item.get("section") == "yaml" else None for item in asked]
            self._send({"id": message["id"], "result": answer})
        elif "method" in message and "id" in message:
            self._send({"id": message["id"], "result": None})

    def _listen(self, output: IO[bytes]) -> None:
        while header := output.readline():
            if header.lower().startswith(b"content-length:"):
                length = int(header.partition(b":")[2])
                while output.readline().strip():
                    pass
                self._arrived.put(json.loads(output.read(length)))


@contextmanager
def running(root: Path) -> Iterator[LanguageServer]:
    """A server for one workspace, ended by its own handle whatever happens."""
    assert PROGRAM.is_file(), f"{PROGRAM} is missing: run `make test-editors`."
    command = ["node", str(PROGRAM), "--stdio"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        server = LanguageServer(process, root)
        yield server
        server.stop()
        process.wait(timeout=PATIENCE)
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
