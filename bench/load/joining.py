"""The scenarios `joining`, many join one document at once, and `idling`, many sockets do nothing."""

import time
from collections.abc import Sequence

from bench.load import documents
from bench.load.connections import OBSERVER, Target, connect, fill
from bench.load.process import usage
from bench.load.writing import SETTLE, percentile


def joining(
    target: Target, document: str, pids: Sequence[int], *, clients: int, paragraphs: int, characters: int
) -> dict[str, object]:
    state = documents.seed(paragraphs, characters)
    filler = fill(target, document, state)
    time.sleep(SETTLE)
    before = usage(*pids)
    wanted = [(document, OBSERVER, index) for index in range(clients)]
    connections, took = connect(target, wanted, at_once=clients, least=len(state) // 2)
    after = usage(*pids)
    filler.sock.close()
    waits = sorted(each.synced_at - each.opened_at for each in connections)
    return {
        "scenario": "joining",
        "clients": clients,
        "state_bytes": len(state),
        "all_joined_s": round(took, 2),
        "p50_ms": percentile(waits, 50),
        "p95_ms": percentile(waits, 95),
        "max_ms": percentile(waits, 100),
        "server_cpu_s": round(after.cpu - before.cpu, 3),
        "cpu_ms_per_join": round((after.cpu - before.cpu) / clients * 1000, 3),
        "server_memory_mb": round(after.memory / 1024, 1),
    }


def idling(
    target: Target,
    names: Sequence[str],
    pids: Sequence[int],
    *,
    clients: int,
    paragraphs: int,
    characters: int,
    duration: float,
) -> dict[str, object]:
    """What `clients` sockets on each document of `names` keep in memory; the first document warms the server up."""
    state = documents.seed(paragraphs, characters)
    first, *rest = names
    kept = [fill(target, first, state)]
    time.sleep(SETTLE)
    before = usage(*pids)
    for name in rest or names:
        filler = fill(target, name, state) if rest else None
        found, _ = connect(target, [(name, OBSERVER, index) for index in range(clients)], least=len(state) // 2)
        kept += found
        if filler:
            filler.sock.close()
    time.sleep(1.5)
    middle = usage(*pids)
    time.sleep(duration)
    after = usage(*pids)
    count = len(kept) - 1
    return {
        "scenario": "idling",
        "documents": len(names),
        "clients": clients,
        "state_bytes": len(state),
        "server_memory_mb": round(after.memory / 1024, 1),
        "kb_per_connection": round((middle.memory - before.memory) / count, 1),
        "kb_per_document": round((middle.memory - before.memory) / max(1, len(rest)), 1),
        "idle_cpu_percent": round((after.cpu - middle.cpu) / duration * 100, 2),
    }
