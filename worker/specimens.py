"""Reading a specimen: its words alone, which the console makes a template from."""

from __future__ import annotations

import structlog

from preuve.catalog.specimens import claim, give_back, keep_words, refuse
from preuve.reading.document import DocumentError
from worker.reader import Reader

log = structlog.get_logger(__name__)


def read_specimen(reader: Reader, specimen_id: str) -> None:
    """Claim, see, keep. Whatever goes wrong is written to the row and never leaves here."""
    sha256 = claim(reader.ground, specimen_id)
    if sha256 is None:
        log.info("nothing to read", specimen_id=specimen_id)
        return
    try:
        keep_words(reader.ground, specimen_id, reader.see(sha256))
    except DocumentError as error:
        refuse(reader.ground, specimen_id, error.code)
    except Exception:
        log.exception("reading failed", specimen_id=specimen_id)
        give_back(reader.ground, specimen_id)
