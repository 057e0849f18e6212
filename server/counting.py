"""Counts answers for `GET /metrics`: by method, by the path as it is declared, and by status."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server import metrics

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})  # others are one: anybody can invent some


class Counting:
    """ASGI middleware. Ids and tokens in paths are not told: `/join/{token}` is one path."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_and_count(message: Message) -> None:
            if message["type"] == "http.response.start":
                method = scope["method"] if scope["method"] in _METHODS else "other"
                path = getattr(scope.get("route"), "path", "none")
                metrics.REQUESTS.labels(method, path, message["status"]).inc()
            await send(message)

        await self.app(scope, receive, send_and_count)
