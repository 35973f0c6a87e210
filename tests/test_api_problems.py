"""Every way a request goes wrong is answered with problem details and a stable code."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import text

from api.problems import MEDIA_TYPE, Problem
from preuve.access import create_key
from preuve.reading.document import DEFAULT
from tests.house import PNG, House, open_house


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("house")) as opened:
        yield opened


@pytest.fixture
def house(standing: House) -> House:
    """The same for most tests: what is refused leaves nothing behind."""
    standing.woken.clear()
    return standing


@pytest.fixture
def fresh(folder: Path) -> Iterator[House]:
    with open_house(folder) as opened:
        yield opened


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of an answer, once its form is right."""
    assert answer.headers["content-type"] == MEDIA_TYPE
    body = answer.json()
    known = next(each for each in Problem if each.code == body["code"])
    assert body["status"] == answer.status_code == known.status
    assert body["type"] == f"/problems/{known.code}"
    assert body["instance"] == answer.request.url.path
    assert body["detail"]
    assert body["remedy"]
    return answer.status_code, body["code"]


def test_codes_are_unique() -> None:
    assert len({each.code for each in Problem}) == len(Problem)


def test_the_type_of_a_problem_can_be_opened(house: House) -> None:
    for each in Problem:
        assert house.client.get(each.type).json()["remedy"] == each.remedy
    assert problem(house.client.get("/problems/nothing")) == (404, "not_found")


@pytest.mark.parametrize(
    ("authorization", "expected"),
    [
        (None, (401, "key_missing")),
        ("Basic abc", (401, "key_missing")),
        ("Bearer", (401, "key_missing")),
        ("Bearer prv_no", (401, "key_invalid")),
    ],
)
def test_without_a_good_key_nothing_is_told(
    house: House, authorization: str | None, expected: tuple[int, str]
) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    for path in ("/v1/receipts/x", "/v1/receipts/x/events", "/v1/members/m/balance"):
        answer = house.client.get(path, headers=headers)
        assert problem(answer) == expected
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_key_does_only_what_its_scopes_say(house: House) -> None:
    key = create_key(house.ground, house.program.program, "reader", ["receipts:read"])
    house = replace(house, key=key)
    answer = house.send()
    assert problem(answer) == (403, "scope_missing")
    assert answer.json()["scope"] == "receipts:write"
    assert problem(house.get("/v1/members/m/balance")) == (403, "scope_missing")
    assert problem(house.get("/v1/receipts/x")) == (404, "receipt_not_found")


def test_a_caller_without_a_key_cannot_make_the_server_read_a_body(house: House) -> None:
    """The answer comes although the body that was announced never does."""
    request = (
        b"POST /v1/receipts HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n"
        b"Content-Type: multipart/form-data; boundary=b\r\n\r\n"
    )
    assert b" 401 " in raw(house, request)


def test_an_idempotency_key_is_required(house: House) -> None:
    files = [("files", ("a.png", PNG))]
    answer = house.client.post(
        "/v1/receipts", headers=house.headers, data={"member_id": "m"}, files=files
    )
    assert problem(answer) == (400, "idempotency_key_missing")
    assert problem(house.send(key="x" * 201)) == (422, "invalid_request")
    assert problem(house.send(key="a b")) == (422, "invalid_request")


@pytest.mark.parametrize("member", ["", "a/b", "a b", "é", "x" * 101, "a\0b"], ids=repr)
def test_a_member_id_has_a_form(house: House, member: str) -> None:
    answer = house.send(member=member)
    assert problem(answer) == (422, "invalid_request")
    assert answer.json()["errors"][0]["where"] == "body.member_id"


@pytest.mark.parametrize("reference", ["a\0b", "a\nb", "\x7f", "a\x9b1m", "x" * 201], ids=repr)
def test_a_reference_has_no_control_characters(house: House, reference: str) -> None:
    answer = house.send(reference_id=reference)
    assert problem(answer) == (422, "invalid_request")
    assert answer.json()["errors"][0]["where"] == "body.reference_id"
    assert house.send(key="reference", reference_id="N° 7, côté rue").status_code == 202


@pytest.mark.parametrize("key", [b"a\x80b", b"a\tb", "é".encode()], ids=repr)
def test_an_idempotency_key_is_printable(house: House, key: bytes) -> None:
    headers = {**house.headers, "Idempotency-Key": key}
    files = [("files", ("a.png", PNG))]
    answer = house.client.post(
        "/v1/receipts", headers=headers, data={"member_id": "m"}, files=files
    )
    assert problem(answer) == (422, "invalid_request")


@pytest.mark.parametrize(
    "path",
    [
        "/v1/receipts/rcp%00",
        "/v1/receipts/rcp%00/events",
        "/v1/members/m%00/balance",
        "/v1/members/m%1B/entries",
    ],
)
def test_an_address_holds_no_control_characters(house: House, path: str) -> None:
    assert problem(house.get(path)) == (422, "invalid_request")


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ([b""], (422, "file_empty")),
        ([PNG, b""], (422, "file_empty")),
        ([b"GIF89a" + b"\0" * 50], (415, "unsupported_file_type")),
        ([b"<html>"], (415, "unsupported_file_type")),
        ([b"PK\3\4" + b"\0" * 50], (415, "unsupported_file_type")),
        ([PNG] * (DEFAULT.pages + 1), (422, "too_many_files")),
        ([PNG] * 30, (400, "malformed_body")),
        ([PNG + b"\0" * 20_000_000], (413, "upload_too_large")),
        ([PNG + b"\0" * 7_000_000] * 3, (413, "upload_too_large")),
        ([PNG + b"\0" * 30_000_000], (413, "upload_too_large")),
    ],
    ids=[
        "empty", "one empty", "gif", "html", "zip", "many files", "very many files",
        "a byte too large", "too large together", "far too large",
    ],
)  # fmt: skip
def test_bad_files_are_refused_and_the_service_goes_on(
    house: House, files: list[bytes], expected: tuple[int, str]
) -> None:
    assert problem(house.send(*files)) == expected
    assert house.woken == []
    assert house.send().status_code == 202


def test_a_body_without_files_says_where_a_file_came_instead(house: House) -> None:
    headers = house.headers | {"Idempotency-Key": "k"}
    answer = house.client.post(
        "/v1/receipts", headers=headers, data={"member_id": "m"}, files={"photo": PNG}
    )
    assert problem(answer) == (422, "file_missing")
    assert "photo" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("application/json", b"{}", (415, "not_multipart")),
        ("application/x-www-form-urlencoded", b"member_id=m", (415, "not_multipart")),
        ("multipart/form-data", b"--x", (400, "malformed_body")),
        ("multipart/form-data; boundary=x", b"no boundary here", (400, "malformed_body")),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="member_id"\r\n\r\n' + b"m" * 9000,
            (400, "malformed_body"),
        ),
    ],
)
def test_a_body_that_is_no_form_is_refused(
    house: House, kind: str, body: bytes, expected: tuple[int, str]
) -> None:
    headers = house.headers | {"Idempotency-Key": "k", "Content-Type": kind}
    assert problem(house.client.post("/v1/receipts", headers=headers, content=body)) == expected


def test_a_body_without_length_is_counted_as_it_comes(house: House) -> None:
    """Chunked: nobody said how long it would be."""
    head = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n' + PNG

    def body() -> Iterator[bytes]:
        yield head
        for _ in range(25):
            yield b"\0" * 1_000_000

    headers = house.headers | {
        "Idempotency-Key": "k",
        "Content-Type": "multipart/form-data; boundary=x",
    }
    answer = house.client.post("/v1/receipts", headers=headers, content=body())
    assert problem(answer) == (413, "upload_too_large")
    assert house.send().status_code == 202


def test_errors_of_the_framework_have_the_same_form(house: House) -> None:
    assert problem(house.client.get("/v1/nothing")) == (404, "not_found")
    answer = house.client.delete("/v1/receipts")
    assert problem(answer) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "POST"
    answer = house.get("/v1/members/m/entries?limit=0&before=x")
    assert problem(answer) == (422, "invalid_request")
    assert [each["where"] for each in answer.json()["errors"]] == ["query.before", "query.limit"]


def test_a_fault_tells_nothing_of_its_inside(fresh: House) -> None:
    with fresh.ground.database.write() as session:
        session.execute(text("ALTER TABLE accounts RENAME TO gone"))
    answer = fresh.get("/v1/members/m/balance")
    assert problem(answer)[0] in (500, 503)
    assert "accounts" not in answer.text


def test_a_full_disk_refuses_and_keeps_nothing(
    fresh: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: bytes) -> str:
        raise OSError(28, "No space left on device")

    blobs = type(fresh.ground.blobs)
    monkeypatch.setattr(blobs, "put", lambda _self, data: full(data))
    answer = fresh.send()
    assert problem(answer) == (503, "unavailable")
    assert answer.headers["retry-after"] == "5"
    monkeypatch.undo()
    assert fresh.send().status_code == 202


def test_every_problem_of_a_route_is_documented(house: House) -> None:
    paths = house.client.get("/openapi.json").json()["paths"]
    documented: set[str] = set()
    for operations in paths.values():
        for operation in operations.values():
            assert operation["summary"]
            assert operation["tags"]
            for answer in operation["responses"].values():
                content: dict[str, Any] = answer.get("content", {})
                documented |= set(content.get(MEDIA_TYPE, {}).get("examples", {}))
    everywhere = {"method_not_allowed", "internal_error"}
    assert {each.code for each in Problem} - documented <= everywhere


def raw(house: House, request: bytes) -> bytes:
    address = urlsplit(str(house.client.base_url))
    with socket.create_connection((address.hostname, address.port), timeout=10) as line:
        line.sendall(request)
        return line.recv(65536)
