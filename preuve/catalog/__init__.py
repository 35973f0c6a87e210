"""Templates as operators keep them: versions, samples, the gate before publishing."""

from preuve.catalog.difference import KeyChange, key_differences, text_difference
from preuve.catalog.effective import Catalog, Revision, stamped
from preuve.catalog.exchange import Behind, FolderError, Pulled, Pushed, pull, push
from preuve.catalog.gate import Progress, gate, publishing, retiring
from preuve.catalog.merging import MergeConflict, Merged, merge_texts
from preuve.catalog.preview import (
    Change,
    DocumentChange,
    Move,
    NotReplayed,
    Preview,
    SampleResult,
)
from preuve.catalog.publish import Stale, preview_of, publish, roll_back, save_draft
from preuve.catalog.samples import Sample, drop_sample, keep_sample, samples
from preuve.catalog.stock import Outdated, outdated
from preuve.catalog.versions import (
    SHARED,
    Conflict,
    Event,
    Refused,
    Saved,
    State,
    Unchanged,
    Version,
    all_newest,
    get,
    history,
    newest,
    published_version,
    published_versions,
    versions,
)

__all__ = [
    "SHARED",
    "Behind",
    "Catalog",
    "Change",
    "Conflict",
    "DocumentChange",
    "Event",
    "FolderError",
    "KeyChange",
    "MergeConflict",
    "Merged",
    "Move",
    "NotReplayed",
    "Outdated",
    "Preview",
    "Progress",
    "Pulled",
    "Pushed",
    "Refused",
    "Revision",
    "Sample",
    "SampleResult",
    "Saved",
    "Stale",
    "State",
    "Unchanged",
    "Version",
    "all_newest",
    "drop_sample",
    "gate",
    "get",
    "history",
    "keep_sample",
    "key_differences",
    "merge_texts",
    "newest",
    "outdated",
    "preview_of",
    "publish",
    "published_version",
    "published_versions",
    "publishing",
    "pull",
    "push",
    "retiring",
    "roll_back",
    "samples",
    "save_draft",
    "stamped",
    "text_difference",
    "versions",
]
