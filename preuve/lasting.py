"""What a process holds as long as it lives."""

from __future__ import annotations

import gc


def set_apart_what_lasts() -> None:
    """Spares what is loaded by now from Python's search for garbage.

    Templates, programs and modules are a hundred thousand objects that stay as long as the
    process. Each full search would look through all of them, for as long as it takes to
    understand a dozen receipts. To be called once all that lasts is loaded, by processes that
    live long or go through many receipts.
    """
    gc.collect()
    gc.freeze()
