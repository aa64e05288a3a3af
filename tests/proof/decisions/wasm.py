"""A policy as WebAssembly, run by Wasmtime: `python -m tests.proof.decisions.wasm MODULE DATA`.

In a process of its own, so that nothing that it does can reach the others. Each line of standard
input is a list of inputs, and each line of standard output the list of their decisions; of one that
has none, a text says why. https://www.openpolicyagent.org/docs/wasm says what the module expects.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from wasmtime import (
    Engine,
    Func,
    FuncType,
    Limits,
    Linker,
    Memory,
    MemoryType,
    Module,
    Store,
    Trap,
    ValType,
    WasmtimeError,
)

from tests.proof.decisions.builtins import BUILTINS, UNDEFINED
from tests.proof.decisions.numbers import parse_json, spell_json

ENTRY_POINT: Final = "scopegate/decision"

_PAGE_BYTES: Final = 65_536
_JSON: Final = 0  # the format of a result
_MOST_ARGUMENTS: Final = 4


class Policy:
    """A module with its data, ready to be asked."""

    def __init__(self, module: bytes, data: bytes) -> None:
        engine = Engine()
        self._store = Store(engine)
        pages = 5 + len(module) // _PAGE_BYTES + 1
        self._memory = Memory(self._store, MemoryType(Limits(pages, None)))
        linker = Linker(engine)
        linker.define(self._store, "env", "memory", self._memory)
        i32 = ValType.i32()
        linker.define(self._store, "env", "opa_abort", self._function(1, self._abort, []))
        linker.define(self._store, "env", "opa_println", self._function(1, lambda _: None, []))
        for count in range(_MOST_ARGUMENTS + 1):
            called = self._function(count + 2, self._call_builtin, [i32])
            linker.define(self._store, "env", f"opa_builtin{count}", called)
        self._exports = linker.instantiate(self._store, Module(engine, module)).exports(self._store)
        numbers = self._dump(self._call("builtins"))
        self._builtins = {int(number): BUILTINS[name] for name, number in numbers.items()}
        self._entry = int(self._dump(self._call("entrypoints"))[ENTRY_POINT])
        self._failure: Exception | None = None
        self._data = self._load(data)
        self._heap = self._call("opa_heap_ptr_get")

    def decide(self, given: bytes) -> bytes:
        """The decision for the JSON of an input, as a set of results of one binding."""
        self._reserve(self._heap + len(given))
        self._memory.write(self._store, given, self._heap)
        asked = (0, self._entry, self._data, self._heap, len(given), self._heap + len(given), _JSON)
        self._failure = None
        try:
            return self._read_text(self._call("opa_eval", *asked))
        except (Trap, WasmtimeError):
            # What went wrong in a function of the host, rather than that something did.
            if self._failure is not None:
                raise self._failure from None
            raise

    def _function(
        self, parameters: int, function: Callable[..., Any], results: list[ValType]
    ) -> Func:
        form = FuncType([ValType.i32()] * parameters, results)
        return Func(self._store, form, function)

    def _call(self, name: str, *arguments: int) -> int:
        result: int = self._exports[name](self._store, *arguments)  # type: ignore[operator]
        return result

    def _abort(self, message: int) -> None:
        self._failure = RuntimeError(self._read_text(message).decode())
        raise self._failure

    def _call_builtin(self, number: int, _context: int, *arguments: int) -> int:
        try:
            given = [self._dump(each) for each in arguments]
            result = self._builtins[number](*given)
            return 0 if result is UNDEFINED else self._load(spell_json(result).encode())
        except Exception as error:
            self._failure = error
            raise

    def _dump(self, address: int) -> Any:  # noqa: ANN401  any JSON
        return parse_json(self._read_text(self._call("opa_json_dump", address)))

    def _load(self, text: bytes) -> int:
        place = self._call("opa_malloc", len(text))
        self._memory.write(self._store, text, place)
        return self._call("opa_json_parse", place, len(text))

    def _read_text(self, address: int) -> bytes:
        """The bytes up to the next zero."""
        size, found = 1024, b""
        while b"\0" not in found:
            end = min(address + size, self._memory.data_len(self._store))
            found = bytes(self._memory.read(self._store, address, end))
            size *= 4
        return found.partition(b"\0")[0]

    def _reserve(self, end: int) -> None:
        missing = end - self._memory.data_len(self._store)
        if missing > 0:
            self._memory.grow(self._store, missing // _PAGE_BYTES + 1)


def main() -> None:
    """Decide line by line."""
    policy = Policy(*(Path(name).read_bytes() for name in sys.argv[1:]))
    for line in sys.stdin:
        answers = [
            decide(policy, json.dumps(given, ensure_ascii=False)) for given in json.loads(line)
        ]
        sys.stdout.write(f"[{','.join(answers)}]\n")
        sys.stdout.flush()


def decide(policy: Policy, given: str) -> str:
    """The JSON of a decision, or of a text that says why there is none."""
    try:
        results = json.loads(policy.decide(given.encode()))
        return json.dumps(results[0]["result"] if results else "undefined")
    except Exception as error:  # noqa: BLE001  it is reported, whatever it is
        return json.dumps(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
