"""`GET /openapi.json`: OpenAPI 3.1, made from the declarations that carry out the calls (C5)."""

from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from server.api.idempotency import HEADER, KEY, REPLAYED
from server.api.problems import MEDIA_TYPE
from server.api.routing import Open, Route
from server.api.shapes import ID, Shape
from server.errors import PROBLEMS, Code
from server.papers.out.formats import Format

_REF = "#/components/schemas/{model}"
# Others look like ID.
_IDS: Mapping[str, str] = {"participant": r"^([0-9a-f]{16}|admin)$", "format": f"^({'|'.join(Format)})$"}


class FaultShape(Shape):
    """One thing that is wrong, and where."""

    at: str
    detail: str


class ProblemShape(Shape):
    """A refusal (RFC 9457). `code` is stable; `detail` says what to do."""

    type: str
    title: str
    status: int
    detail: str
    code: Code
    errors: Sequence[FaultShape] = ()


def document(routes: Sequence[Route]) -> dict[str, Any]:
    """The whole document."""
    refs, schemas = _schemas(routes)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, refs)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Rolling Text",
            "version": version("rollingtext"),
            "summary": "A real-time drafting server for negotiations",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "rollingtext"},
            },
        },
        "security": [{"bearer": []}, {"cookie": []}],
    }


_Refs = dict[tuple[type[BaseModel], JsonSchemaMode], dict[str, Any]]


def _schemas(routes: Sequence[Route]) -> tuple[_Refs, dict[str, Any]]:
    """References to all models that calls take and give, and the schemas that they point to."""
    taken = {model for route in routes for model in (route.body, route.form) if model is not None}
    given = {model for route in routes for model in route.answers.values() if model is not None} | {ProblemShape}
    modes: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        *((model, "validation") for model in sorted(taken, key=str)),
        *((model, "serialization") for model in sorted(given, key=str)),
    ]
    refs, whole = models_json_schema(modes, ref_template=_REF)
    return dict(refs), whole["$defs"]  # type: ignore[arg-type]  # no dataclass of pydantic's is among them


def _operation(route: Route, refs: _Refs) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.operation,
        "summary": route.summary,
        "parameters": [*_path(route), *_query(route), *_key(route)],
        "responses": _responses(route, refs),
    }
    if route.act is Open.ANYONE:
        operation["security"] = []
    else:
        operation["x-act"] = str(route.act)
    if route.body is not None:
        content = {"application/json": {"schema": refs[route.body, "validation"]}}
        if route.form is not None:
            content["multipart/form-data"] = {"schema": refs[route.form, "validation"]}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _path(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "pattern": _IDS.get(name, ID)}}
        for name in route.parameters
    ]


def _query(route: Route) -> list[dict[str, Any]]:
    schema = route.query.model_json_schema()
    return [
        {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "description": each.pop("description", ""),
            "schema": _without_null(each),
        }
        for name, each in schema.get("properties", {}).items()
    ]


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """In a URL nothing can be null: what may be is left out."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind.get("type") != "null"]
    return kinds[0] if len(kinds) == 1 else schema


def _key(route: Route) -> list[dict[str, Any]]:
    if not route.writes:
        return []
    return [
        {
            "name": HEADER,
            "in": "header",
            "required": False,
            "description": "The same request with the same key is carried out once, and answered alike",
            "schema": {"type": "string", "pattern": route.key or KEY},
        }
    ]


def _responses(route: Route, refs: _Refs) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    for status, model in route.answers.items():
        responses[str(status)] = {"description": _said(status)}
        if model is not None:
            responses[str(status)]["content"] = {"application/json": {"schema": refs[model, "serialization"]}}
        elif route.files:
            responses[str(status)]["content"] = {media_type: {} for media_type in route.files}
        if route.writes:
            schema = {"type": "string", "const": "true"}
            responses[str(status)]["headers"] = {REPLAYED: {"schema": schema, "description": "Carried out before"}}
    problem = {MEDIA_TYPE: {"schema": refs[ProblemShape, "serialization"]}}
    for status, codes in sorted(_by_status(problems_of(route)).items()):
        said = "; ".join(f"`{code}`: {PROBLEMS[code][1]}" for code in codes)
        responses[str(status)] = {"description": said, "content": problem}
    return responses


def _said(status: int) -> str:
    return {200: "As asked", 201: "Made", 204: "Done"}[status]


def problems_of(route: Route) -> list[Code]:
    """Every code that this call can be refused with."""
    codes = [Code.INVALID, Code.INTERNAL, Code.UNAVAILABLE, *route.problems]
    if route.act is not Open.ANYONE:
        codes += [Code.NOT_SIGNED_IN, Code.FORBIDDEN]
    if route.place is not None:
        codes.append(Code.NOT_FOUND)
    if route.writes:
        codes += [Code.FOREIGN_ORIGIN, Code.KEY_REUSED]
    if route.body is not None:
        codes += [Code.MALFORMED, Code.TOO_LARGE, Code.UNSUPPORTED_TYPE]
    return [code for code in Code if code in codes]


def _by_status(codes: Iterable[Code]) -> dict[int, list[Code]]:
    found: dict[int, list[Code]] = {}
    for code in codes:
        found.setdefault(PROBLEMS[code][0], []).append(code)
    return found
