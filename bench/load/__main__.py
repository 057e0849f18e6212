"""`python -m bench.load SCENARIO …`: one line of JSON."""

import argparse
import json
import secrets

from bench.load import joining, writing
from bench.load.connections import OBSERVER, WRITER, Target
from bench.load.wire import FRAMINGS


def main() -> None:
    given = _arguments()
    headers = {WRITER: given.writer_header, OBSERVER: given.observer_header}
    target = Target(given.host, tuple(given.port), given.path, FRAMINGS[given.framing], headers)
    names = given.document or [f"document-{secrets.token_hex(6)}" for _ in range(given.documents)]
    print(json.dumps(_run(given, target, names)))


def _run(given: argparse.Namespace, target: Target, names: list[str]) -> dict[str, object]:
    size = {"paragraphs": given.paragraphs, "characters": given.characters}
    if given.scenario == "joining":
        return joining.joining(target, names[0], given.pid, clients=given.clients, **size)
    if given.scenario == "idling":
        return joining.idling(target, names, given.pid, clients=given.clients, duration=given.duration, **size)
    terms = writing.Terms(given.writers, given.rate, given.observers, given.duration, **size)
    return writing.run(target, names[0], given.pid, terms)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.load", description="Load on a server that speaks y-websocket.")
    parser.add_argument("scenario", choices=["writing", "joining", "idling"])
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, action="append", required=True, help="repeatable: processes of one server")
    parser.add_argument("--path", default="/{document}", help="may hold {document}")
    parser.add_argument("--framing", choices=sorted(FRAMINGS), default="y-websocket")
    parser.add_argument("--writer-header", action="append", default=[], help="'Name: value', repeatable")
    parser.add_argument("--observer-header", action="append", default=[], help="'Name: value', repeatable")
    parser.add_argument("--document", action="append", help="an empty document that is there; default: new names")
    parser.add_argument("--documents", type=int, default=1, help="how many new names")
    parser.add_argument("--pid", type=int, action="append", default=[], help="the server's, for CPU; repeatable")
    parser.add_argument("--writers", type=int, default=28)
    parser.add_argument("--rate", type=float, default=5.0, help="updates per second of each writer")
    parser.add_argument("--observers", type=int, default=0)
    parser.add_argument("--duration", type=float, default=6.0, help="seconds")
    parser.add_argument("--clients", type=int, default=1000, help="of `joining`; per document of `idling`")
    parser.add_argument("--paragraphs", type=int, default=100)
    parser.add_argument("--characters", type=int, default=100, help="of each paragraph")
    return parser.parse_args()


if __name__ == "__main__":
    main()
