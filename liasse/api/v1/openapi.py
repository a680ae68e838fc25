"""The description of the API as OpenAPI 3.1, kept by hand; schemathesis holds the answers against it."""

from __future__ import annotations

from typing import Any, Final

from liasse.intake.types import Cutting, Door, ReceiptState, Side, Verdict
from liasse.lib.release import version

_UUID: Final = {"type": "string", "format": "uuid"}
_TEXT: Final = {"type": "string"}
_BYTES: Final = {"type": "integer", "minimum": 0}
_FILE_ID: Final = {"name": "file_id", "in": "path", "required": True, "schema": _UUID}
_PROBLEMS: Final = {
    400: "Not understood",
    401: "No valid token",
    403: "The token has not the scope",
    404: "Not there, or out of the token's reach",
    405: "Method not allowed",
    409: "A request with the same Idempotency-Key is under way",
    413: "Too large, or the practice has no room",
    422: "Not taken: empty, or the Idempotency-Key was used for something else",
    429: "Too many requests; see Retry-After",
    503: "Try again later",
    507: "No room on the disk at this moment",
}
_OF_ALL: Final = (401, 404, 405, 429)


def document() -> dict[str, Any]:
    """Give the whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Liasse",
            "version": version(),
            "description": "Hand documents in, and read what became of them. An administrator of the practice makes "
            "tokens under Cabinet › Programmes.",
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": {
            "/api/v1/files": {"get": _files()},
            "/api/v1/files/{file_id}/receipts": {"post": _hand_in()},
            "/api/v1/files/{file_id}/receipts/{receipt_id}": {"get": _receipt()},
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": _schemas(),
        },
    }


def _answers(status: int, schema: str, *refusals: int, headers: dict[str, Any] | None = None) -> dict[str, Any]:
    made = {"description": "Done", "content": {"application/json": {"schema": _of(schema)}}}
    answers: dict[str, Any] = {str(status): made | ({"headers": headers} if headers else {})}
    for code in (*_OF_ALL, *refusals):
        content = {"application/problem+json": {"schema": _of("Problem")}}
        answers[str(code)] = {"description": _PROBLEMS[code], "content": content}
    return answers


def _of(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _query(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema}


def _files() -> dict[str, Any]:
    return {
        "operationId": "listFiles",
        "summary": "The client files that the token reaches, a hundred a page",
        "parameters": [_query("after", _UUID)],
        "responses": _answers(200, "Files", 400),
    }


def _wishes() -> dict[str, dict[str, Any]]:
    return {
        "side": {"type": "string", "enum": list(Side)},
        "cutting": {"type": "string", "enum": list(Cutting)},
        "note": {"type": "string", "maxLength": 5000},
        "owner": _UUID,
    }


def _hand_in() -> dict[str, Any]:
    key = {"name": "Idempotency-Key", "in": "header", "required": False}
    form = {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}
    form["properties"] |= _wishes()  # type: ignore[operator]
    raw = {"schema": {"type": "string", "format": "binary"}}
    return {
        "operationId": "handIn",
        "summary": "Hand in one file, as the body or as a part of a form; needs receipts:write",
        "parameters": [
            _FILE_ID,
            key | {"schema": {"type": "string", "minLength": 1, "maxLength": 255}},
            _query("filename", {"type": "string", "maxLength": 200}),
            *(_query(name, schema) for name, schema in _wishes().items()),
        ],
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": raw, "multipart/form-data": {"schema": form}},
        },
        "responses": _answers(
            201, "Delivery", 400, 403, 409, 413, 422, 503, 507, headers={"Location": {"schema": _TEXT}}
        ),
    }


def _receipt() -> dict[str, Any]:
    return {
        "operationId": "getReceipt",
        "summary": "A receipt with its documents and their fields; needs documents:read",
        "parameters": [_FILE_ID, {"name": "receipt_id", "in": "path", "required": True, "schema": _UUID}],
        "responses": _answers(200, "Receipt", 403),
    }


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(properties),
        "properties": properties,
        "additionalProperties": False,
    }


def _schemas() -> dict[str, Any]:
    delivery = {
        "id": _UUID,
        "file_id": _UUID,
        "filename": _TEXT,
        "size": _BYTES,
        "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "received_at": {"type": "string", "format": "date-time"},
        "side": {"type": "string", "enum": list(Side)},
        "cutting": {"type": "string", "enum": list(Cutting)},
        "note": _TEXT,
        "url": _TEXT,
    }
    became = {
        "door": {"type": "string", "enum": list(Door)},
        "state": {"type": "string", "enum": list(ReceiptState)},
        "problem": _TEXT,
        "parts": {"type": "array", "items": _of("Part")},
        "documents": {"type": "array", "items": _of("Document")},
    }
    file = _object({"id": _UUID, "name": _TEXT, "active": {"type": "boolean"}})
    files = {"files": {"type": "array", "items": _of("File")}, "next": {"type": ["string", "null"]}}
    problem = {"type": _TEXT, "title": _TEXT, "status": {"type": "integer"}, "code": _TEXT}
    return {
        "File": file,
        "Files": _object(files),
        "Delivery": _object(delivery),
        "Receipt": _object(delivery | became),
        "Part": _object(_part()),
        "Document": _object(_document()),
        "Problem": _object(problem) | {"properties": problem | {"detail": _TEXT}},
    }


def _part() -> dict[str, Any]:
    verdict = {"type": "string", "enum": list(Verdict)}
    return {
        "filename": _TEXT,
        "media_type": _TEXT,
        "size": _BYTES,
        "verdict": verdict,
        "reason": _TEXT,
        "sentence": _TEXT,
    }


def _document() -> dict[str, Any]:
    field = {"value": {"type": ["string", "null"]}, "source": {"type": ["string", "null"]}}
    confidence = {"confidence": {"type": ["number", "null"]}}
    return {
        "id": _UUID,
        "filename": _TEXT,
        "media_type": _TEXT,
        "status": _TEXT,
        "side": {"type": "string", "enum": list(Side)},
        "fields": {"type": "object", "additionalProperties": _object(field | confidence)},
    }
