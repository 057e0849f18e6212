"""Times as they stand in the database, in JSON and in the hash chain: UTC, always six decimals and a `Z`.

All have one width, so that they sort and compare as text.
"""

from datetime import UTC, datetime


def now() -> str:
    """The time of this machine, such as 2026-11-25T22:12:42.123456Z."""
    return written(datetime.now(UTC))


def written(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def read(text: str) -> datetime:
    """Raises ValueError."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
