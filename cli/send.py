"""`preuve send`: documents through the HTTP API, as the mobile app sends them."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".tif", ".tiff", ".pdf"})
EXPECTED = ".expected.json"
ATTEMPTS = 5

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Document:
    """What is sent as one receipt: one file, or the photos of one long receipt in order."""

    name: str
    files: tuple[Path, ...]
    expected: Json | None = None

    def idempotency_key(self, member: str) -> str:
        """The same for the same document and member: a run that was broken off can go on."""
        digest = hashlib.sha256(f"{member}\0{self.name}".encode())
        for path in self.files:
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()


@dataclass(frozen=True)
class Outcome:
    """How it ended: a receipt as the API shows it, or the problem that refused the upload."""

    document: Document
    seconds: float
    receipt: Json = field(default_factory=dict)
    problem: Json | None = None

    @property
    def status(self) -> str:
        return "refused" if self.problem else str(self.receipt.get("status", "unknown"))

    @property
    def points(self) -> int:
        return int(self.receipt.get("points") or 0)

    @property
    def reasons(self) -> tuple[str, ...]:
        if self.problem:
            return (str(self.problem["code"]),)
        return tuple(reason["code"] for reason in self.receipt.get("reasons", ()))

    def value(self, name: str) -> Any:
        """A header value of the reading, or None where it was not read."""
        found = (self.receipt.get("reading") or {}).get(name)
        return found["value"] if found else None

    @property
    def items(self) -> list[Json]:
        return list((self.receipt.get("reading") or {}).get("items", ()))


def find_documents(paths: Iterable[Path]) -> list[Document]:
    """Every document under `paths`, in the order of their names.

    A folder with an `images` folder means that one. `NAME.expected.json` beside a file holds the
    expected result, and its `files` say which files together make one document.
    Raises FileNotFoundError for a path that is not there.
    """
    return [document for path in paths for document in _documents_under(path)]


def _documents_under(path: Path) -> Iterator[Document]:
    if path.is_file():
        beside = path.with_name(path.stem + EXPECTED)
        yield _expected_document(beside) if beside.exists() else Document(path.name, (path,))
        return
    if not path.is_dir():
        raise FileNotFoundError(f"there is no file or folder {path}")
    folder = path / "images" if (path / "images").is_dir() else path
    files = sorted(file for file in folder.rglob("*") if file.suffix.lower() in SUFFIXES)
    judged = [_expected_document(beside) for beside in sorted(folder.rglob(f"*{EXPECTED}"))]
    expected = {document.files[0]: document for document in judged}
    taken = {part for document in expected.values() for part in document.files}
    for file in files:
        if file in expected:
            yield expected[file]
        elif file not in taken:
            yield Document(file.name, (file,))


def _expected_document(beside: Path) -> Document:
    wanted = json.loads(beside.read_text("utf-8"))
    files = tuple(beside.parent / Path(name).name for name in wanted["files"])
    return Document(files[0].name, files, wanted)


class NotAllowedError(Exception):
    """The API knows the key not, or lets it not do this: no document will get through."""

    def __init__(self, problem: Json) -> None:
        super().__init__(f"{problem.get('title')}: {problem.get('detail')}")
        self.remedy = str(problem.get("remedy"))


class Api:
    """The few calls that the app makes, with its patience: retries under one idempotency key."""

    def __init__(self, url: str, key: str, *, timeout: float = 600.0) -> None:
        self.timeout = timeout
        self._http = httpx.Client(
            base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=30.0
        )

    def __enter__(self) -> Api:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def balance(self, member: str) -> Json:
        answer = self._http.get(f"/v1/members/{member}/balance")
        return dict(answer.raise_for_status().json())

    def send(self, document: Document, member: str) -> Outcome:
        """Upload and wait for the final status. Raises NotAllowedError, httpx.HTTPError."""
        begun = time.monotonic()
        answer = self._submit(document, member)
        if answer.status_code in (401, 403):
            raise NotAllowedError(_problem(answer))
        if answer.status_code != 202:
            return Outcome(document, time.monotonic() - begun, problem=_problem(answer))
        receipt = self._wait(answer.json()["id"], begun + self.timeout)
        return Outcome(document, time.monotonic() - begun, receipt)

    def _submit(self, document: Document, member: str) -> httpx.Response:
        contents = [(path.name, path.read_bytes()) for path in document.files]
        return self._patiently(
            lambda: self._http.post(
                "/v1/receipts",
                data={"member_id": member, "reference_id": document.name[:100]},
                files=[("files", part) for part in contents],
                headers={"Idempotency-Key": document.idempotency_key(member)},
            )
        )

    def _wait(self, receipt_id: str, deadline: float) -> Json:
        """Follow the events until they end; a stream that breaks is only opened again."""
        path = f"/v1/receipts/{receipt_id}"
        while True:
            answer = self._patiently(lambda: self._http.get(path))
            receipt = dict(answer.raise_for_status().json())
            if receipt["final"] or time.monotonic() > deadline:
                return receipt
            try:
                self._follow(f"{path}/events")
            except httpx.TransportError:
                time.sleep(0.5)

    def _follow(self, path: str) -> None:
        with self._http.stream("GET", path) as stream:
            stream.raise_for_status()
            for _ in stream.iter_lines():
                pass

    def _patiently(self, call: Callable[[], httpx.Response]) -> httpx.Response:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                answer = call()
            except httpx.TransportError:
                if attempt == ATTEMPTS:
                    raise
            else:
                if answer.status_code not in (409, 429, 502, 503, 504) or attempt == ATTEMPTS:
                    return answer
            time.sleep(0.5 * attempt)
        raise AssertionError("unreachable")


def _problem(answer: httpx.Response) -> Json:
    try:
        return dict(answer.json())
    except ValueError:
        return {"code": f"http_{answer.status_code}", "detail": answer.text[:200], "remedy": ""}


def send_all(
    api: Api,
    documents: Sequence[Document],
    member: str,
    *,
    jobs: int,
    done: Callable[[Outcome], None] = lambda _: None,
) -> list[Outcome]:
    """Send them, `jobs` at a time; the outcomes in the order given.

    Documents that are expected to be duplicates wait until all others are through: which of two
    photos of one receipt is the second must not be a race.
    """
    outcomes: dict[int, Outcome] = {}

    def send(index: int) -> None:
        outcomes[index] = outcome = api.send(documents[index], member)
        done(outcome)

    later = [i for i, document in enumerate(documents) if _comes_second(document)]
    first = [i for i in range(len(documents)) if i not in set(later)]
    with ThreadPoolExecutor(jobs) as pool:
        for wave in (first, later):
            list(pool.map(send, wave))
    return [outcomes[index] for index in range(len(documents))]


def _comes_second(document: Document) -> bool:
    return (document.expected or {}).get("status") == "duplicate"


def prediction(outcome: Outcome) -> dict[str, Any]:
    """The outcome as a line that the benchmark's scorer reads, and the receipt's end."""
    retailer = outcome.value("retailer")
    line: dict[str, Any] = {
        "file": outcome.document.files[0].name,
        "retailer": retailer["name"] if retailer else None,
        "purchased_on": outcome.value("purchased_on"),
        "total": outcome.value("total"),
        "currency": outcome.value("currency"),
        "items": [
            {key: item.get(key) for key in ("description", "quantity", "amount")}
            for item in outcome.items
        ],
        "accepted": bool(outcome.receipt.get("accepted")),
        "id": outcome.receipt.get("id"),
        "status": outcome.status,
        "points": outcome.points,
        "reasons": list(outcome.reasons),
        "seconds": round(outcome.seconds, 3),
    }
    if outcome.problem:
        line["error"] = dict(outcome.problem)
    return line
