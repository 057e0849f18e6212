"""All calls of section 4, and the resources that carry them out."""

from itertools import groupby

from starlette.routing import Route as Path

from server.api import (
    attribution,
    brackets,
    comments,
    documents,
    exports,
    history,
    invitations,
    joining,
    lints,
    locks,
    meetings,
    packages,
    paragraphs,
    participants,
    positions,
    progress,
    proofs,
    record,
    redlines,
    resolutions,
    snapshots,
    threads,
    timeline,
    visits,
)
from server.api.resource import Resource
from server.api.routing import Route

ROUTES: tuple[Route, ...] = (
    *joining.ROUTES,
    *meetings.ROUTES,
    *invitations.ROUTES,
    *participants.ROUTES,
    *documents.ROUTES,
    *paragraphs.ROUTES,
    *locks.ROUTES,
    *brackets.ROUTES,
    *lints.ROUTES,
    *history.ROUTES,
    *positions.ROUTES,
    *resolutions.ROUTES,
    *progress.ROUTES,
    *threads.ROUTES,
    *comments.ROUTES,
    *visits.ROUTES,
    *record.ROUTES,
    *exports.ROUTES,
    *snapshots.ROUTES,
    *redlines.ROUTES,
    *attribution.ROUTES,
    *timeline.ROUTES,
    *proofs.ROUTES,
    *packages.ROUTES,
)


def resources(routes: tuple[Route, ...] = ROUTES) -> list[Path]:
    """One for each path. Raises ValueError for two calls of one method and path."""
    ordered = sorted(routes, key=lambda route: route.path)
    by_path = {path: list(calls) for path, calls in groupby(ordered, key=lambda route: route.path)}
    for path, calls in by_path.items():
        if len({call.method for call in calls}) < len(calls):
            raise ValueError(f"{path} has two calls of one method")
    return [Path(path, Resource(calls)) for path, calls in by_path.items()]
