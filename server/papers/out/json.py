"""A paper as JSON: everything that the other formats are made of. docs/api.md says what the keys mean."""

import json
from dataclasses import asdict

from server.papers.out.paper import Layout, Paper


def write(paper: Paper, layout: Layout) -> bytes:
    return json.dumps(asdict(paper), ensure_ascii=False, indent=1).encode()
