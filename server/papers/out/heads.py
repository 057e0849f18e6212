"""What stands above a text: which paper it is, at which point of the record, compared with what."""

from server.papers.out.paper import Paper, Point


def heads(paper: Paper) -> list[str]:
    """A few lines."""
    symbol = " ".join(part for part in (paper.symbol, paper.point.label) if part)
    found = [part for part in (paper.body, paper.meeting, symbol, paper.title) if part]
    found.append(f"After entry {paper.point.seq} of the record, {moment(paper.point)}")
    if paper.against is not None:
        found.append(f"Compared with {paper.against.name}, {moment(paper.against)}")
    return found


def moment(point: Point) -> str:
    return f"{point.at[:16].replace('T', ' ')} UTC"
