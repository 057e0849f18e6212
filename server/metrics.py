"""What the server counts, for `GET /metrics` (C5). Each says what it counts in its own help text.

Whatever is dropped is counted here; whatever must never happen has a counter that must stay at zero.
"""

from prometheus_client import Counter, Gauge, Histogram

ROOMS = Gauge("rollingtext_rooms", "Documents that are open in this process")
MEMBERS = Gauge("rollingtext_members", "Sockets that take part in a document in this process")
UPDATES = Counter("rollingtext_updates", "Updates judged")
REFUSED = Counter("rollingtext_updates_refused", "Updates refused, whole or in part, by reason (W2)", ["reason"])
ENTRIES = Counter("rollingtext_entries", "Entries written to records")
DELIVERIES = Counter("rollingtext_deliveries", "Frames with updates handed to members")
COMMIT_SECONDS = Histogram(
    "rollingtext_commit_seconds",
    "From the beginning of a batch's transaction until it is on disk",
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0),
)
COMMIT_FAILURES = Counter("rollingtext_commit_failures", "Transactions that the database failed and that are retried")
SAVING_HELD = Gauge("rollingtext_saving_held", "Documents whose saving is held up by the database: should be 0")
HEAD_MOVED = Counter("rollingtext_head_moved", "Batches judged again because another process wrote first")
OVERTAKEN = Counter("rollingtext_head_moved_overtaken", "Of these, batches that stayed as they were judged")
ROOM_DIVERGED = Counter("rollingtext_room_diverged", "Rooms opened anew after a bug or a difference: must be 0")
INBOX_FULL = Counter("rollingtext_inbox_full", "Sockets closed because their edits could not be kept waiting")
CHECKPOINTS = Counter("rollingtext_checkpoints", "Checkpoints saved")
CHECKPOINT_FAILURES = Counter("rollingtext_checkpoint_failures", "Checkpoints that could not be saved; tried again")
STATEMENTS_FAILED = Counter(
    "rollingtext_statements_failed", "Statements that could not be signed when their snapshot was labelled"
)

FILES_ENDED = Counter(
    "rollingtext_files_ended", "Files whose reading was ended for what it took, by the limit that was met", ["limit"]
)

REQUESTS = Counter("rollingtext_requests", "Requests answered", ["method", "path", "status"])
FORWARDED_IGNORED = Counter(
    "rollingtext_forwarded_ignored", "Requests that say by whom they were passed on, from who is no trusted proxy"
)
CLOSES = Counter("rollingtext_closes", "Sockets closed by the server, by code (W7)", ["code"])
AWARENESS_IGNORED = Counter(
    "rollingtext_awareness_ignored",
    "Messages of awareness not passed on: others' (y-websocket clients send them back), observers', too large ones",
    ["why"],
)
MESSAGES_UNKNOWN = Counter(
    "rollingtext_messages_unknown", "Messages of a type that this version does not know, ignored"
)
CHECKPOINTS_BROKEN = Counter(
    "rollingtext_checkpoints_broken", "Checkpoints that could not be used, so that a document was rebuilt: must be 0"
)

REDIS_CONNECTED = Gauge("rollingtext_redis_connected", "Whether this process and others hear each other by Redis")
HINTS_LOST = Counter(
    "rollingtext_hints_lost", "Words to other processes that none will hear; they look at the database", ["why"]
)
TURNS = Counter("rollingtext_turns", "Turns to write a document that others write too, by how they came", ["how"])
