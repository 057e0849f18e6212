"""The server: sockets, rooms, REST, storage."""
