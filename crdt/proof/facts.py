"""What a statement says that the record alone proves, as JSON holds it."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from crdt.brackets import Register
from crdt.brackets.watch import Watch
from crdt.paragraphs import Paragraph
from crdt.proof.deletions import deletions
from crdt.proof.faults import Fault
from crdt.proof.replay import Replay, Revision

Facts = dict[str, Any]


def facts(replay: Replay, delegations: Iterable[tuple[str, str]]) -> Facts:
    """At the labelled snapshot that was just taken. `delegations`: code and name of each; brackets name them.

    Raises Fault when the last entry labels none.
    """
    revision = replay.revision
    if revision is None:
        raise Fault("it labels no snapshot", replay.seq)
    watch = Watch(replay.index)
    watch.live.rename(Register.of(delegations))
    watch.agreed = frozenset(replay.locks)
    sight = watch.sight()
    open_ = [(sight.ids[place], sight.reading.brackets[place]) for place in range(len(sight.ids))]
    return {
        "document": replay.document,
        "snapshot": {**_named(revision), "at": revision.entry.at, "by": revision.entry.by},
        "record": {"seq": replay.seq, "hash": replay.hash.hex()},
        "digest": revision.digest,
        "paragraphs": [_paragraph(each) for each in sight.paragraphs],
        "locks": [
            {
                "paragraph": name,
                "status": lock.status,
                "digest": lock.digest,
                "by": lock.entry.by,
                "at": lock.entry.at,
                "seq": lock.entry.seq,
            }
            for name, lock in replay.locks.items()
        ],
        "brackets": [
            {"id": id_, "paragraph": sight.paragraphs[each.first].id, "start": each.start, "depth": each.depth}
            for id_, each in open_
        ],
        "counts": asdict(sight.counts),
        "before": None if replay.before is None else _before(replay.before),
        "deletions": [
            {
                "paragraph": each.paragraph,
                "text": each.text,
                "by": each.last.by,
                "from": {"seq": each.first.seq, "at": each.first.at},
                "to": {"seq": each.last.seq, "at": each.last.at},
            }
            for each in (deletions(replay) if replay.before is not None else ())
        ],
    }


def _paragraph(paragraph: Paragraph) -> dict[str, Any]:
    return {
        "id": paragraph.id,
        "kind": paragraph.kind,
        "level": paragraph.level,
        "label": paragraph.label,
        "text": paragraph.text,
        "digest": paragraph.digest,
    }


def _named(revision: Revision) -> dict[str, Any]:
    return {"id": revision.id, "label": revision.label}


def _before(revision: Revision) -> dict[str, Any]:
    entry = revision.entry
    return {**_named(revision), "at": entry.at, "seq": entry.seq, "hash": entry.hash.hex(), "digest": revision.digest}
