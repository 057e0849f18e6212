"""Who a bracket is said to be from: `[KAZ, RUS propose; IND opposes: text]`, `[text - IND]`, `[text] (China, Iran)`."""

import re

from crdt.brackets.model import Attribution, Stance
from crdt.brackets.register import Register

REACH = 300  # an attribution is short: how far one is looked for, in code points
LEAD = re.compile(rf"\s*+([^\[\]{{}}:]{{1,{REACH}}}):(?:\s+|$)")
DASHES = (" - ", " – ", " — ")
AFTER = re.compile(rf"\s?\(([^()\[\]{{}}]{{1,{REACH}}})\)")
RESERVING = re.compile(
    r"\s(?:reserves?|reserved|wish(?:es)? to reserve|резервиру[ею]т)"
    r"\s++(?:(?:its|their|the|сво[юеи])\s++)?(?:position|right|позици|прав)",
    re.IGNORECASE,
)
NAMES = re.compile(r"[^\[\]{}:;.]*")
VERBS = tuple(
    (stance, re.compile(rf"(.+?)\s+(?:{verbs})", re.IGNORECASE))
    for stance, verbs in (
        (Stance.SUPPORT, r"propos(?:e|es|ed)|supports?|supported|suggests?|suggested|предлага[ею]т|поддержива[ею]т"),
        (Stance.OPPOSE, r"oppos(?:e|es|ed)|objects?|objected|rejects?|rejected|возража[ею]т"),
        (Stance.PREFER, r"prefers?|preferred|предпочита[ею]т"),
        (Stance.CAN_ACCEPT, r"(?:can|could)\s+accept|accepts?|(?:может|могут)\s+согласиться"),
        (Stance.RESERVE, r"reserves?(?:\s+(?:its|their)\s+positions?)?|резервиру[ею]т(?:\s+свою)?(?:\s+позицию)?"),
        (Stance.AWAITING, r"(?:awaits?|awaiting)(?:\s+instructions)?|ожида[ею]т(?:\s+инструкций)?"),
    )
)


def lead(text: str, start: int, register: Register) -> tuple[tuple[Attribution, ...], int]:
    """The attribution that the bracket's text from `start` opens with, and where the text itself begins."""
    match = LEAD.match(text, start)
    if match is None:
        return (), start
    found: list[Attribution] = []
    for clause in match[1].split(";"):
        said = _clause(clause, register)
        if not said:
            return (), start
        found += said
    return tuple(found), match.end()


def trail(content: str, register: Register) -> tuple[tuple[Attribution, ...], int]:
    """The attribution that `content`, the end of a bracket's inside, closes with, and where the text before it ends."""
    tail = content.rstrip()
    if tail.endswith(")"):
        at = tail.rfind("(")
        codes = register.parties(tail[at + 1 : -1]) if at >= 0 else ()
    else:
        at = max(map(tail.rfind, DASHES))
        codes = register.parties(tail[at + 3 :]) if at >= 0 else ()
    return (_open(codes), at) if codes else ((), len(content))


def after(text: str, end: int, register: Register) -> tuple[tuple[Attribution, ...], int]:
    """The attribution right behind the `]`, and where it ends."""
    match = AFTER.match(text, end)
    codes = register.parties(match[1]) if match else ()
    return (_open(codes), match.end()) if match and codes else ((), end)


def reservation(text: str, start: int, register: Register) -> tuple[Attribution, ...]:
    """Who reserves a position in so many words, if the bracket is that."""
    names = NAMES.match(text, start, start + REACH)
    match = RESERVING.search(text, start, names.end()) if names else None
    codes = register.parties(text[start : match.start()]) if match else ()
    return tuple(Attribution(code, Stance.RESERVE) for code in codes)


def _clause(clause: str, register: Register) -> tuple[Attribution, ...]:
    """`KAZ, RUS propose`, or parties alone."""
    for stance, verb in VERBS:
        match = verb.fullmatch(clause.strip())
        codes = register.parties(match[1]) if match else ()
        if codes:
            return tuple(Attribution(code, stance) for code in codes)
    return _open(register.parties(clause))


def _open(codes: tuple[str, ...]) -> tuple[Attribution, ...]:
    return tuple(Attribution(code, None) for code in codes)
