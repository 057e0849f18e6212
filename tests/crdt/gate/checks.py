"""Every single check of the gate, how it is switched off, and the tests of which one must then fail.

A check is a piece of its module's source, which stands there once; what follows it takes its place. Nothing in the
product knows of this: the sources are changed as they are loaded (`mutants`).
"""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[3]


class Check(NamedTuple):
    module: str
    tests: str  # a module
    chosen: str  # words, one of which the names of the tests contain, parted by " or "
    on: str
    off: str


def checks(module: str, tests: str, chosen: str, *pieces: tuple[str, str]) -> list[Check]:
    return [Check(f"crdt.gate.{module}", f"tests.crdt.gate.{tests}", chosen, on, off) for on, off in pieces]


SAVE_WORK = ("a number is too long", "a count is beyond", "a string is longer", "a number is cut off")
"""What the decoder would find out later, at the end of the bytes or by a number's bound."""


def bounds(module: str) -> Iterator[Check]:
    """Every other line by which the decoder finds bytes malformed."""
    lines = (ROOT / f"{module.replace('.', '/')}.py").read_text().splitlines()
    for before, line in pairwise(lines):
        if "raise Malformed(" in line and not any(fault in line for fault in SAVE_WORK):
            off = "raise" if "except" in before else "pass"
            yield Check(module, "tests.crdt.test_update", "w7 or bounded", f"{line.strip()}\n", f"{off}\n")


BYTES = [
    *checks("judging", "test_judging", "too_large", ("if len(data) > PEER.size:", "if False:")),
    *checks("judging", "test_judging", "malformed", ("except Malformed:\n", "except ZeroDivisionError:\n")),
]

AMOUNT = checks(
    "claims",
    "test_judging",
    "too_much",
    ("if is_too_much(fresh):", "if False:"),
    ("len(structs) > AT_ONCE or", ""),
    ("or sum(map(_lines, structs)) > AT_ONCE", ""),
)

AUTHORS = [
    *checks(
        "claims",
        "test_judging",
        "w5",
        ("if not self._owns(struct.client):", "if False:"),
        ("return owner == self._participant if owner is not None", "return True if owner is not None"),
        ("else self._index.end(client) == 0", "else True"),
    ),
    *checks(
        "judging",
        "test_judging",
        "w5",
        ("            owners.setdefault(struct.client, participant)\n", "            pass\n"),
    ),
]

GAPS = [
    *checks(
        "claims",
        "test_judging",
        "gap",
        ("if fresh is None:\n            return Reason.GAP", "fresh = fresh or ()"),
        ("and not self._exist(homes.keys)", "and False"),
        ("for key in keys if", "for key in () if"),
        ("in ranges[-1:])", "in ranges[:0])"),
    ),
    *checks("claims", "test_locks", "on_behind", ("if key != COLLECTED]", "if True]")),
]

PAIRS = [
    *checks("claims", "test_judging", "inside_a_character", ("except Malformed:", "except ZeroDivisionError:")),
    *checks("judging", "test_judging", "no_character_is_cut", ("except Malformed:  #", "except ZeroDivisionError:  #")),
]

HOMES = [
    *checks("claims", "test_schema", "t1", ("if not fits(struct, home):", "if False:")),
    *checks(
        "homes",
        "test_schema",
        "nothing_else",
        ("if struct.parent == TEXT and struct.key is None", "if struct.key is None"),
        ("if struct.parent == TEXT and struct.key is None", "if struct.parent == TEXT"),
        ("struct.key or None if struct.parent == PARAGRAPHS else None", "struct.key or IN_TEXT"),
    ),
    *checks(
        "homes",
        "test_locks",
        "on_behind",
        ("return COLLECTED if sequence is None", "return IN_TEXT if sequence is None"),
    ),
    *checks("schema", "test_schema", "nothing_else", ("    if home is None:\n        return False\n", "")),
    *checks(
        "schema", "test_schema", "attributes_are", ("(home == COLLECTED or paragraph_id(home) is not None) and", "")
    ),
]

CONTENTS = [
    *checks(
        "schema",
        "test_schema",
        "nothing_else",
        ("return _NOT_TEXT.search(text) is None", "return True"),
        ("return name in MARKS and (", "return ("),
        ("(value is True or value is None)", "True"),
        ("struct.size <= BURIED\n    return False\n\n\ndef _fits_map", "True\n    return False\n\n\ndef _fits_map"),
        ("    return False\n\n\ndef _fits_map", "    return True\n\n\ndef _fits_map"),
        ("    return False\n\n\ndef _fits_attributes", "    return True\n\n\ndef _fits_attributes"),
    ),
    *checks(
        "schema",
        "test_schema",
        "dead_entries",
        ("struct.size <= BURIED\n    return False\n\n\ndef _fits_attr", "True\n    return False\n\n\ndef _fits_attr"),
    ),
    *checks("schema", "test_schema", "behind_the_last", ("if struct.right_origin is not None:", "if False:")),
    *checks(
        "schema",
        "test_schema",
        "attributes_are",
        ("return all(_fits_attributes(value) for value in values)", "return True"),
        ("return isinstance(value, dict) and all(", "return not isinstance(value, dict) or all("),
        ("isinstance(value, str) and value in KINDS", "True"),
        ("not isinstance(value, bool) and", ""),
        ("1 <= value < LEVELS", "value < LEVELS"),
        ("1 <= value < LEVELS", "1 <= value"),
        ("and value == int(value)", ""),
        ("return isinstance(value, str) and len(value)", "return not isinstance(value, str) or len(value)"),
        ("and len(value) <= LABEL", ""),
        ("and _NOT_LABEL.search(value) is None", ""),
        ("    return False\n\n\ndef _is_level", "    return True\n\n\ndef _is_level"),
        ("isinstance(value, int | float) and", ""),
        ("_KEY.fullmatch(key)", "_KEY.match(key)"),
        ("client < CLIENTS and", ""),
    ),
    *checks("schema", "test_schema", "written_client", ("and clock < CLOCKS", "")),
]

READ_ALIKE = [
    *checks("claims", "test_schema", "integer or joined", ("if homes.keys:", "if False:")),
    *checks("schema", "test_schema", "integer", ("int(inner) if isinstance(inner, float) else inner", "inner")),
    *checks(
        "schema", "test_schema", "joined", ("enumerate(struct.value, struct", "enumerate(struct.value[-1:], struct")
    ),
]

KNOWN_ALREADY = [
    *checks(
        "judging",
        "test_judging",
        "w3 or w5",
        ("and all(struct.source for struct in trial.structs)", ""),
        ("len(trial.structs) == len(update.structs) and", ""),
        ("and update.tidy and", "and"),
        ("and trial.deletes == update.deletes:", ":"),
        ("if not trial.structs and not trial.deletes:", "if False:"),
    ),
    *checks(
        "judging",
        "test_locks",
        "deleting_from",
        ("NOTHING_NEW if refusal is None else Refused(refusal)", "NOTHING_NEW"),
    ),
]

WHO_MAY_NOT_WRITE = [
    *checks(
        "judging",
        "test_judging",
        "w4",
        ("flaw = refuse or trial.settle", "flaw = trial.settle"),
        ("return Refused(Refusal(refuse or flaw, concerned", "return Refused(Refusal(flaw, concerned"),
        ("return Refused(Refusal(refuse or flaw, tuple", "return Refused(Refusal(flaw, tuple"),
        ("if whole and trial.only_tidies:", "if False:"),
        ("if whole and trial.only_tidies:", "if trial.only_tidies:"),
    ),
    *checks(
        "trial",
        "test_judging",
        "w4",
        ("return not self.structs and not any", "return not any"),
        ("any(piece.text or piece.key is not None", "any(piece.key is not None"),
        ("any(piece.text or piece.key is not None", "any(piece.text"),
    ),
]

UNDOING = [
    *checks("judging", "test_judging", "w4", ("    trial.undo()\n", "")),
    *checks(
        "trial",
        "test_judging",
        "w4",
        ("        self._index.revert(self._inserted)\n", ""),
        ("        self._index.revert(self._deleted)\n        self._index.revert", "        self._index.revert"),
    ),
    *checks(
        "trial",
        "test_arrivals",
        "teaches",
        ("self._arrivals.revert(self._total, self._inserted.ends)", "pass"),
        ("            self._inserted.ends.setdefault(struct.client, struct.clock)\n", ""),
    ),
    *checks("arrivals", "test_arrivals", "teaches", ("steps.cut(end)", "pass"), ("        self._total = total\n", "")),
    *checks("arrivals", "test_arrivals", "not_even", ("if step[0] < end]", "if True]")),
]

FIRST_NEWLINE = [
    *checks(
        "trial",
        "test_judging",
        "t1",
        ("if struct.kind == STRING and self._stands_before_all(struct):", "if False:"),
        ("exposed = first is not None and not first.head", "exposed = False"),
        ('if piece.text[:1] == "\\n" and self._is_first(piece):', "if False:"),
        ("return head_of(self._index.items.at((piece.client, piece.clock)).left) is None", "return True"),
    ),
]

ORIGINS = [
    *checks("trial", "test_arrivals", "w3", ("and (flaw := causality.flaw(struct)):", "and (flaw := None):")),
    *checks("causality", "test_arrivals", "w3", ("if self._arrivals.knows(ident, rival, knowledge):", "if False:")),
    *checks(
        "causality", "test_arrivals", "in_order", ("None if struct.right_origin is None else Reason.SCHEMA", "None")
    ),
    *checks("causality", "test_arrivals", "rivals", ("if self._rivals > RIVALS:", "if False:")),
    *checks("arrivals", "test_arrivals", "own_characters", ("return other[1] < ident[1]", "return False")),
    *checks("arrivals", "test_arrivals", "said_to_have", ("other[1] < knowledge.own.get(other[0], 0) or", "")),
    *checks("arrivals", "test_arrivals", "named_an_id", ("or NOTHING < self.number(other) <= knowledge.seen", "")),
    *checks(
        "arrivals", "test_arrivals", "accuses_nobody", ("NOTHING < self.number(other) <=", "self.number(other) <=")
    ),
    *checks("arrivals", "test_arrivals", "reloaded", ("owners.get(ident[0], participant) == participant)", "False)")),
    *checks(
        "arrivals", "test_arrivals", "over_two", ("for other, end in theirs.own.items():", "for other, end in ():")
    ),
    *checks("arrivals", "test_arrivals", "to_whom", ("self._raise_seen(client, clock, theirs.seen)", "pass")),
]

LOCKS = [
    *checks(
        "claims",
        "test_locks",
        "on_behind",
        ("if home == COLLECTED or home in self._locked:", "if home in self._locked:"),
    ),
    *checks(
        "claims", "test_locks", "attributes", ("if home == COLLECTED or home in self._locked:", "if home == COLLECTED:")
    ),
    *checks("locks", "test_locks", "attributes", ("if piece.key in self._locks.ids:", "if False:")),
    *checks("locks", "test_locks", "taking_away or tidying", ("reach.marks.append(piece)", "pass")),
    *checks(
        "locks",
        "test_locks",
        "deleting",
        (
            "if head is not None and self._locks.hold(head):\n            reach.kept",
            "if False:\n            reach.kept",
        ),
        ("head = item if begins else self._head_before(item)", "head = self._head_before(item.left)"),
    ),
    *checks(
        "locks",
        "test_locks",
        "newline_behind",
        ("elif begins and self._locks.hold(self._head_before(item.left)):", "elif False:"),
        ("spared.update((piece, 1) for piece in self.behind)", "pass"),
    ),
    *checks(
        "locks",
        "test_locks",
        "marks",
        ("self.reach.new_marks.append(item)", "pass"),
        ("return (AS_IT_CAME, BARE) if", "return (AS_IT_CAME,) if"),
        ("yield from self.new_marks", "pass"),
    ),
    *checks(
        "locks",
        "test_locks",
        "typing",
        ("                if head is not None and self._locks.hold(head):\n", "                if False:\n"),
        ("yield from self.buried", "pass"),
    ),
    *checks(
        "locks",
        "test_locks",
        "splitting or paste",
        ("while item is not None and not (item.head and not self._is_new(item)):", "while item and not item.head:"),
        ("inside += beside", "pass"),
        ("(beside if beside or item.head else inside)", "inside"),
    ),
    *checks(
        "locks", "test_locks", "splitting or beside", ("return end is not None and item.clock >= end", "return False")
    ),
    *checks("locks", "test_locks", "same_words", ("        if self.offends:\n            return TRIMMED, BARE\n", "")),
    *checks("locks", "test_locks", "last_word", ("return self.offends or bool(", "return bool(")),
    *checks(
        "locks", "test_locks", "taking_away", ("spared.update((piece, piece.size) for piece in self.marks)", "pass")
    ),
    *checks(
        "trial",
        "test_locks",
        "marks",
        ("if not changed:", "if True:"),
        ("self._index.revert(self._deleted)\n        return Reason", "return Reason"),
    ),
    *checks("trial", "test_locks", "last_word", ("return Reason.LOCKED", "return None")),
    *checks("trial", "test_locks", "first_newline", ("if piece is not self._first:", "if True:")),
    *checks("trial", "test_locks", "own_words", ("if piece is not self._first:", "if False:")),
    *checks(
        "trial", "test_locks", "own_words", ("if piece.clock >= end else self._pieces)", "if False else self._pieces)")
    ),
]

TYPING = [
    *checks(
        "typing",
        "test_typing",
        "typing",
        ("owners.get(item.client) != participant or not", "not"),
        ("(item.alive and item.text)", "item.text"),
        ("(item.alive and item.text)", "item.alive"),
        ('if text is None or "\\n" in text or not', "if text is None or not"),
        ("or not is_text(text) or", "or"),
        ("is_text(text) or not _stands_alone(item, locks)", "is_text(text)"),
        ("if clock + size >= CLOCKS or not", "if not"),
        (" or not arrivals.go_on(", " or arrivals.go_on("),
        ("    if not data.startswith(_ONE_STRUCT):\n        return None\n", ""),
        ("except Malformed:", "except ZeroDivisionError:"),
        ("if rest not in _SHORT or data[at] != rest - 2 or", "if data[at : at + 1] != bytes([rest - 2 & 255]) or"),
        ("or data[at] != rest - 2 or", "or"),
        (" or not data.startswith(beginning, len(_ONE_STRUCT)):", ":"),
        ("except UnicodeDecodeError:", "except ZeroDivisionError:"),
        ("if data.endswith(_NO_DELETES) else None", ""),
        ("return behind == item.right_origin and not (", "return not ("),
        ("and not (locks and locks.hold(head_of(item)))", ""),
    ),
    *checks(
        "arrivals", "test_typing", "counted", ("if steps is None or steps.at(clock - 1) is None:", "if steps is None:")
    ),
    *checks("judging", "test_typing", "may_not", ("if refuse is None and typed_on(", "if typed_on(")),
]

GROUPS = (
    BYTES, AMOUNT, AUTHORS, GAPS, PAIRS, HOMES, CONTENTS, READ_ALIKE, KNOWN_ALREADY, WHO_MAY_NOT_WRITE, UNDOING,
    FIRST_NEWLINE, ORIGINS, LOCKS, TYPING,
)  # fmt: skip

CHECKS = [
    *bounds("crdt.update.decoder"),
    *bounds("crdt.update.reader"),
    *(check for group in GROUPS for check in group),
]
