"""Which structs of an update are new, in an order in which each comes after those it names."""

from collections.abc import Mapping

from crdt.update import SKIP, Struct, Update, tail


def fresh(update: Update, known: Mapping[int, int]) -> tuple[Struct, ...] | None:
    """What the update adds to what is known (client: its next clock); None when something is missing (a gap, W5).

    A struct that is known in part is cut (Malformed inside a surrogate pair). However the structs depend on each other,
    each is looked at a few times only.
    """
    queues = _new(update, known)
    ends: dict[int, int] = {}  # of those that are in order already
    order: list[Struct] = []
    for client, queue in queues.items():
        while queue:
            waiting = {client: None}  # each for the next
            while waiting:
                last = next(reversed(waiting))
                struct = queues[last][-1]
                missing = _missing(struct, ends, known)
                if missing is None:
                    order.append(queues[last].pop())
                    ends[last] = struct.clock + struct.size
                    waiting.popitem()
                elif missing in waiting or not queues.get(missing):
                    return None
                else:
                    waiting[missing] = None
    return tuple(order)


def _new(update: Update, known: Mapping[int, int]) -> dict[int, list[Struct]]:
    """The structs of each client that are new, the first one last."""
    queues: dict[int, list[Struct]] = {}
    for struct in reversed(update.structs):
        end = known.get(struct.client, 0)
        if struct.clock + struct.size > end:
            new = struct if struct.clock >= end else tail(struct, end - struct.clock)
            queues.setdefault(struct.client, []).append(new)
    return queues


def _missing(struct: Struct, ends: Mapping[int, int], known: Mapping[int, int]) -> int | None:
    """The client whose ids have to come before this struct."""
    client = struct.client
    if struct.kind == SKIP or struct.clock > ends.get(client, known.get(client, 0)):
        return client
    for ident in (struct.origin, struct.right_origin, struct.parent):
        if isinstance(ident, tuple) and ident[1] >= ends.get(ident[0], known.get(ident[0], 0)):
            return ident[0]
    return None
