"""Sockets: one session for each, from the handshake to its close (W1 to W7)."""
