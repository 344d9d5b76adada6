"""The API against requests that nobody would write: no server error, and every answer as the description says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from musnad.store.accounts import give_ticket, open_account
from musnad.store.store import open_store
from musnad.web.app import create_app
from musnad.web.desk import Setting

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance, response_schema_conformance]
HOST = "127.0.0.1:8765"
V1 = "/api/v1"
OPERATIONS = [
    ("GET", f"{V1}/{path}")
    for path in (
        "actors actors/{id} agreement batches claims claims/{id} commitments commitments/{id} events events/{id} facets failures gold health judgements judgements/{id} "
        "lineage map me network overview queue reports reports/{id} reports/{id}/family search speakers statements timeline watched".split()
    )
] + [("POST", f"{V1}/judgements"), ("POST", f"{V1}/judgements/{{id}}/undo")]
"""All but /live, whose answer has no end."""


@pytest.fixture(scope="module")
def api(sample_record: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The description with a way to ask, by an admin's token; and ids that are there."""
    where = tmp_path_factory.mktemp("schemathesis") / "record.db"
    where.write_bytes(sample_record.read_bytes())
    with open_store(str(where)) as store:
        open_account(store, "root", "a long password", "admin")
        token = give_ticket(store, "root", "token", "test", timedelta(days=1))
    headers = {"Authorization": f"Bearer {token}", "Host": HOST}
    app = create_app(Setting(record=str(where), team=True, secret="2" * 64))
    with TestClient(app, base_url=f"http://{HOST}", headers=headers, raise_server_exceptions=False) as client:
        there = {
            kind: [x["id"] for x in client.get(f"{V1}/{kind}?limit=20").json()["items"]]
            for kind in ("reports", "events", "actors", "commitments", "claims")
        }
        event = client.get(f"{V1}/events/{there['events'][0]}").json()["tellings"][0]
        schema = schemathesis.openapi.from_asgi(f"{V1}/openapi.json", app, headers=headers)
        yield schema, headers, there | {"judgements": [1, 2, 3]}, {"report": event["report"], "item": event["id"], "layer": "events"}


def test_none_is_left_out(api: Any) -> None:
    made = api[0].raw_schema["paths"]
    assert {(m.upper(), p) for p, ops in made.items() for m in ops} - set(OPERATIONS) == {("GET", f"{V1}/live")}


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["fitting", "unfitting"])
@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=lambda x: x.removeprefix(V1))
def test_no_request_breaks_it(api: Any, method: str, path: str, mode: Any) -> None:
    schema, headers, there, item = api
    operation = schema[path][method]
    if mode is GenerationMode.NEGATIVE and not (operation.path_parameters or operation.query or operation.body):
        return  # nothing that could be unfitting

    @given(case=operation.as_strategy(generation_mode=mode), real=st.integers(0, 1000))
    @settings(max_examples=12, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def ask(case: Any, real: int) -> None:
        ids = there.get(path.split("/")[3], ())
        if ids and real % 3 and isinstance(case.path_parameters, dict) and "id" in case.path_parameters:
            case.path_parameters["id"] = ids[real % len(ids)]
        if real % 3 and isinstance(case.body, dict):
            case.body |= {k: v for k, v in item.items() if k in case.body}
        case.call_and_validate(headers=headers, checks=CHECKS)

    ask()
