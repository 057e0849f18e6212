"""Backups: the whole database in one file that can be opened, and back (docs/backups.md)."""

from server.backup.backup import Backup, back_up
from server.backup.restore import Restored, restore

__all__ = ["Backup", "Restored", "back_up", "restore"]
