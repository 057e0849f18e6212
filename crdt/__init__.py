"""The document itself: pure, synchronous, no I/O and no clock."""
