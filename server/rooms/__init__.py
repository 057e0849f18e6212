"""Documents that are live in this process: where edits are judged, saved and passed on."""

from server.rooms.batch import Conflicting
from server.rooms.inbox import Decision, Scene
from server.rooms.member import Member
from server.rooms.opening import document_at
from server.rooms.registry import Rooms
from server.rooms.room import Room

__all__ = ["Conflicting", "Decision", "Member", "Room", "Rooms", "Scene", "document_at"]
