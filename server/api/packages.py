"""The hand-over package of a document, for the senior body."""

from server.api.answers import Answer, file
from server.api.calls import Call
from server.api.routing import Route
from server.api.series import Point
from server.auth.policy import Act
from server.papers.handover.packing import pack
from server.papers.handover.sheet import Moment
from server.store import snapshots
from server.tables import Document

ZIP = "application/zip"


async def get_package(call: Call) -> Answer:
    """With the proof of the latest labelled snapshot."""
    document, server = call.thing(Document), call.server
    head = (await server.store.head(document.id)).seq
    points = await server.progress.of(document.id, document.meeting, head)
    labelled = await call.read(lambda connection: snapshots.last_labelled(connection, document.id))
    if labelled is not None:
        await server.statements.of(labelled)
    moments, proof = tuple(map(_moment, points)), None if labelled is None else labelled.id
    packed = await server.papers.of(head, pack, document.id, moments, proof)
    return file(packed.content, ZIP, packed.name)


def _moment(point: Point) -> Moment:
    counts = point.counts
    return Moment(point.at, counts.paragraphs, counts.agreed_paragraphs, counts.clean_paragraphs, counts.pairs)


ROUTES = (
    Route(
        method="GET",
        path="/api/documents/{document}/package",
        act=Act.READ,
        summary="The hand-over package: texts, changes, positions, reservations, a report and the proof in one ZIP",
        handler=get_package,
        answers={200: None},
        files=(ZIP,),
    ),
)
