"""The package: a ZIP of parts. What it must not be or hold is refused here, each with a sentence that says why."""

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from posixpath import dirname, join, normpath
from typing import IO, Any, Final

from lxml import etree  # type: ignore[import-untyped]  # it has no types; those used here are in names.py

from server.errors import Code, Problem
from server.papers.word.names import Element, name_of

MAX_PARTS: Final = 5_000
MAX_UNPACKED: Final = 256 << 20  # bytes that all parts say they have
MAX_RATIO: Final = 250  # by which a part may grow; the XML of real papers grows 10 to 40 times …
SMALL: Final = 1 << 20  # … and of parts below this size nobody asks
MAX_XML: Final = 96 << 20  # bytes of one part of XML
MAX_TREE: Final = 12 << 20  # bytes of one that is held as a whole
DOCTYPES: Final = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
LEFT_ALONE: Final = ("hyperlink",)
"""Kinds of relations to the outside that may be there: nothing is fetched for them, only their address is shown."""

BODY: Final = tuple(
    f"{{*}}{name}"
    for name in (
        *("p", "tbl", "sdt", "customXml", "altChunk", "ins", "del", "moveFrom", "moveTo"),
        *("commentRangeStart", "commentRangeEnd"),
    )
)
"""What may stand in a body, as far as it is read."""

MACROS: Final = ("vbaproject", "vbadata", "macroenabled", "activex")
MAIN: Final = "wordprocessingml.document.main+xml"
TEMPLATE: Final = "wordprocessingml.template.main+xml"
OTHERS: Final = (("spreadsheetml", "a workbook"), ("presentationml", "a presentation"))
STARTS: Final = (
    (
        b"%PDF",
        "The file is a PDF, whatever its name says: PDF cannot be read here. Send the .docx that it was made of.",
    ),
    (b"{\\rtf", "The file is rich text (RTF), whatever its name says: open it in Word and save it as .docx."),
    (
        b"\xd0\xcf\x11\xe0",
        "The file is locked with a password, or has the old .doc format: save it as .docx, without a password.",
    ),
    (b"<", "The file is a page of HTML or XML, whatever its name says: open it in Word and save it as .docx."),
)


def refused(why: str) -> Problem:
    return Problem(Code.FILE_REFUSED, why)


@dataclass(frozen=True, slots=True)
class Relation:
    """`target`: a part's name, or an address outside."""

    kind: str  # the last word of its type
    target: str
    outside: bool


class Archive:
    """A file whose structure has been looked at. Raises Problem for whatever cannot be taken."""

    def __init__(self, content: bytes) -> None:
        self._zip = _opened(content)
        self._infos = _looked_at(self._zip)
        self.types = self._types()
        self._no_macros()
        self.main = self._main()
        self._no_references()

    def has(self, part: str) -> bool:
        return part.lower() in self._infos

    def related(self, part: str, kind: str) -> str | None:
        """The part that `part` is related to in this way, if it is there."""
        found = (each.target for each in self.relations(part).values() if each.kind == kind and not each.outside)
        return next((target for target in found if self.has(target)), None)

    def relations(self, part: str) -> Mapping[str, Relation]:
        """By id. `part`: "" for the package itself."""
        folder, _, name = part.rpartition("/")
        rels = join(folder, "_rels", f"{name}.rels")
        if not self.has(rels):
            return {}
        found: dict[str, Relation] = {}
        for element in self.tree(rels):
            if name_of(element) == "rel:Relationship":
                outside = (element.get("TargetMode") or "").lower() == "external"
                kind = (element.get("Type") or "").rpartition("/")[2]
                target = element.get("Target") or ""
                found[element.get("Id") or ""] = Relation(kind, target if outside else _part(part, target), outside)
        return found

    def tree(self, part: str) -> Element:
        """A small part as a whole."""
        info = self._infos[part.lower()]
        if info.file_size > MAX_TREE:
            raise _too_large(f"a part of it ({part}) is larger than {MAX_TREE >> 20} MB")
        data = self._read(info)
        _no_doctype(data, part)
        try:
            tree: Element = etree.fromstring(data, _parser())
        except etree.XMLSyntaxError as fault:
            raise _broken(part, fault) from None
        return tree

    def blocks(self) -> Iterator[Element]:
        """What stands in the body, one after the other: each is gone when the next comes, so that little is held."""
        info = self._infos[self.main.lower()]
        if info.file_size > MAX_XML:
            raise _too_large(f"its text unpacks to more than {MAX_XML >> 20} MB")
        try:
            with self._zip.open(info) as source:
                yield from _children_of_body(_Watched(source, self.main))
        except etree.XMLSyntaxError as fault:
            raise _broken(self.main, fault) from None
        except (zipfile.BadZipFile, zlib.error, EOFError):
            raise _damaged(self.main) from None

    def _read(self, info: zipfile.ZipInfo) -> bytes:
        try:
            return self._zip.read(info)
        except (zipfile.BadZipFile, zlib.error, EOFError):
            raise _damaged(info.filename) from None

    def _types(self) -> Mapping[str, str]:
        """Content types by part, in lower case; "" and the suffix: of all with that suffix."""
        if not self.has("[Content_Types].xml"):
            raise refused("The file is a ZIP, but no Word document: it has no list of its parts.")
        found: dict[str, str] = {}
        for element in self.tree("[Content_Types].xml"):
            named = element.get("PartName") or f".{element.get('Extension') or ''}"
            found[named.lower().lstrip("/")] = (element.get("ContentType") or "").lower()
        return found

    def _type_of(self, part: str) -> str:
        name = part.lower()
        return self.types.get(name) or self.types.get("." + name.rpartition(".")[2], "")

    def _no_macros(self) -> None:
        told = (*self._infos, *self.types, *self.types.values())
        if any(word in each for each in told for word in MACROS):
            raise refused("The file holds macros, which are programs: save it as .docx without them (not .docm).")

    def _main(self) -> str:
        part = self.related("", "officeDocument")
        if part is None:
            raise refused("The file is a ZIP, but no Word document: nothing says which of its parts has the text.")
        kind = self._type_of(part)
        if kind.endswith((MAIN, TEMPLATE)):
            return part
        other = next((words for sign, words in OTHERS if sign in kind), "something else")
        raise refused(f"The file is {other}, not a Word document: send a .docx.")

    def _no_references(self) -> None:
        """Templates, pictures, objects and sub-documents that a program would fetch from elsewhere."""
        for name in self._infos:
            if not name.endswith(".rels"):
                continue
            folder, _, rels = name.rpartition("/")
            part = join(dirname(folder), rels.removesuffix(".rels"))
            for relation in self.relations(part).values():
                if relation.outside and relation.kind not in LEFT_ALONE:
                    shown = relation.target[:120]
                    raise refused(
                        f"The file refers to something outside of itself ({relation.kind}: {shown}), which a program "
                        "would fetch: remove the link, or save a copy that holds everything."
                    )


class _Watched:
    """A stream of XML that stops where a document type is declared: entities come from there."""

    def __init__(self, source: IO[bytes], part: str) -> None:
        self._source = source
        self._part = part
        self._tail = b""

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        _no_doctype(self._tail + data, self._part)
        self._tail = data[-32:]
        return data


def _children_of_body(source: _Watched) -> Iterator[Element]:
    events = etree.iterparse(
        source,
        events=("end",),
        tag=BODY,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    for _, element in events:
        parent = element.getparent()
        if parent is not None and name_of(parent) == "w:body":
            yield element
            element.clear()
            while element.getprevious() is not None:
                del parent[0]


def _opened(content: bytes) -> zipfile.ZipFile:
    if not content.startswith(b"PK"):
        start = content.lstrip(b"\xef\xbb\xbf \r\n\t")[:8]
        known = next((words for sign, words in STARTS if start.startswith(sign)), None)
        raise refused(
            known or "The file is no Word document, whatever its name says: open it in Word and save it as .docx."
        )
    try:
        return zipfile.ZipFile(BytesIO(content))
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError):
        raise refused("The file is damaged: its end is missing or does not fit. Save it anew.") from None


def _looked_at(archive: zipfile.ZipFile) -> Mapping[str, zipfile.ZipInfo]:
    infos = archive.infolist()
    if len(infos) > MAX_PARTS:
        raise _too_large(f"it has {len(infos):,} parts")
    if sum(info.file_size for info in infos) > MAX_UNPACKED:
        raise _too_large(f"it unpacks to more than {MAX_UNPACKED >> 20} MB")
    found: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = info.filename.lower()
        if info.file_size > max(SMALL, MAX_RATIO * info.compress_size):
            raise _too_large(f"its part {name[:80]} unpacks to more than {MAX_RATIO} times its size")
        if info.flag_bits & 1:
            raise refused("The file is locked with a password: save it without one.")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise refused("The file is packed in a way that Word does not use: open it in Word and save it anew.")
        if name in found:
            raise refused(f"The file has two parts of one name ({name[:80]}): open it in Word and save it anew.")
        found[name] = info
    return found


def _parser() -> Any:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )


def _no_doctype(data: bytes, part: str) -> None:
    if any(sign in data for sign in DOCTYPES):
        raise refused(f"The file declares entities in its part {part}, which no Word document does: it is refused.")


def _part(source: str, target: str) -> str:
    """The part that a relation names."""
    if target.startswith("/"):
        return normpath(target).lstrip("/")
    return normpath(join(dirname(source), target)).lstrip("/")


def _too_large(why: str) -> Problem:
    return Problem(Code.TOO_LARGE, f"The file is a bomb, or far too large: {why}. Nothing of it was read.")


def _damaged(part: str) -> Problem:
    return refused(f"The file is damaged: its part {part[:80]} cannot be unpacked. Save it anew.")


def _broken(part: str, fault: Any) -> Problem:
    """Raises MemoryError when that is what it was."""
    if fault.code == etree.ErrorTypes.ERR_NO_MEMORY:
        raise MemoryError(part)
    line = f" (line {fault.lineno})" if fault.lineno else ""
    return refused(f"The file is damaged: its part {part} is no well-formed XML{line}. Save it anew.")
