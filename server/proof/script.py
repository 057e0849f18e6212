"""Checks a proof that Rolling Text has handed out. Needs Python 3.11 and nothing else:

    python3 check.pyz PROOF.zip [--key KEY] [--text] [--json]

PROOF.zip may also be a folder that holds its files. KEY is the fingerprint of the server's key, or a file with that
key, had from somebody whom you trust. Ends with 0 when the statement is true of the record, 1 when it is not, 2 when
asked wrongly.
"""

import argparse
import base64
import binascii
import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crdt.proof import Checked, Fault, check, fingerprint, read

FALSE, ASKED_WRONGLY = 1, 2
STATEMENT, SIGNATURE, KEY, RECORD = "statement.json", "statement.sig", "public-key.pem", "record.jsonl"
LONGEST = 60  # code points of a deletion that are shown


def main() -> int:
    asked = _arguments()
    try:
        place = zipfile.Path(asked.proof) if asked.proof.is_file() else asked.proof
        found = checked(place, asked.key)
    except (OSError, KeyError, zipfile.BadZipFile, UnicodeDecodeError) as error:
        sys.stderr.write(f"check: {asked.proof} is no proof that can be read: {error}\n")
        return ASKED_WRONGLY
    except Fault as fault:
        sys.stdout.write(json.dumps({"true": False, "reason": str(fault)}) if asked.json else f"FALSE: {fault}")
        sys.stdout.write("\n")
        return FALSE
    lines = [json.dumps(_plain(found), ensure_ascii=False)] if asked.json else _said(found, asked)
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a console that knows few letters
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0


def checked(place: zipfile.Path | Path, key: str | None) -> Checked:
    """Raises Fault, and OSError, KeyError or UnicodeDecodeError where a file is missing or none of text."""
    public_key = read_key((place / KEY).read_text(encoding="ascii"))
    if key is not None and _wanted(key) != fingerprint(public_key):
        raise Fault(f"it is signed by the key {fingerprint(public_key)}, not by the one that was asked for")
    with (place / RECORD).open("r", encoding="utf-8") as lines:
        entries = (read(line) for line in lines)
        return check((place / STATEMENT).read_bytes(), (place / SIGNATURE).read_bytes(), public_key, entries)


def read_key(pem: str) -> bytes:
    """The 32 bytes of an Ed25519 key in PEM. Raises Fault."""
    body = "".join(line for line in pem.split("\n") if not line.startswith("-----"))
    try:
        data = base64.b64decode(body.strip(), validate=True)
    except binascii.Error:
        data = b""
    if len(data) != 44 or not data.startswith(bytes.fromhex("302a300506032b6570032100")):
        raise Fault("the public key is no Ed25519 key in PEM")
    return data[12:]


def _wanted(key: str) -> str:
    path = Path(key)
    return fingerprint(read_key(path.read_text(encoding="ascii"))) if path.is_file() else key.strip().lower()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="check", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("proof", type=Path, help="PROOF.zip, or a folder with its files")
    parser.add_argument("--key", help="fingerprint of the server's key, or a file that holds it")
    parser.add_argument("--text", action="store_true", help="print the text, too")
    parser.add_argument("--json", action="store_true", help="answer in JSON: the statement and what was checked")
    return parser.parse_args()


def _plain(found: Checked) -> dict[str, Any]:
    return {"true": True, "entries": found.entries, "withheld": found.withheld, **found.statement}


def _said(found: Checked, asked: argparse.Namespace) -> Iterator[str]:
    facts, named = found.statement["facts"], found.statement["named"]
    document, snapshot = named["document"], facts["snapshot"]
    symbol = f" ({document['symbol']})" if document["symbol"] else ""
    yield f"TRUE: {snapshot['label']} of “{document['title']}”{symbol}"
    yield f"labelled   {snapshot['at']} by {_who(found, snapshot['by'])}"
    yield f"signed     {found.statement['signed_at']} by the key {found.key}"
    if asked.key is None:
        yield "           (the key came with the proof: compare it with what the server published)"
    yield f"record     {found.entries} entries, all hashes recomputed, {found.withheld} known by their digests alone;"
    yield f"           the last hash is {facts['record']['hash']}"
    yield f"text       {len(facts['paragraphs'])} paragraphs, rebuilt from the record; digest {facts['digest']}"
    yield f"brackets   {facts['counts']['pairs']} open pairs"
    labels = {each["id"]: each["label"] or f"paragraph {place}" for place, each in enumerate(facts["paragraphs"], 1)}
    yield f"locks      {len(facts['locks'])}"
    for lock in facts["locks"]:
        yield f"  {labels[lock['paragraph']]}: {lock['status']} by {_who(found, lock['by'])}, {lock['at']}"
    yield from _deletions(found)
    if asked.text:
        yield ""
        yield from (f"{each['label'] or ''}\t{each['text']}" for each in facts["paragraphs"])


def _deletions(found: Checked) -> Iterator[str]:
    before, deletions = found.statement["facts"]["before"], found.statement["facts"]["deletions"]
    if before is None:
        yield "deletions  none to tell: this is the first labelled snapshot"
        return
    yield f"deletions  {len(deletions)} since {before['label']} ({before['at']}), each by its author:"
    for each in deletions:
        first, last = each["from"], each["to"]
        text = each["text"].replace("\n", "¶")
        text = text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text)} characters)"
        span = f"entry {first['seq']}" if first == last else f"entries {first['seq']} to {last['seq']}"
        yield f"  “{text}” by {_who(found, each['by'])}, {last['at']}, {span}"


def _who(found: Checked, id_: str) -> str:
    who = found.statement["named"]["people"].get(id_)
    if who is None:
        return f"participant {id_}"
    return f"{who['name']} ({who['delegation'] or who['role']})"


if __name__ == "__main__":
    sys.exit(main())
