"""The past of documents as a process beside reads and tells it: the standard library and `crdt` alone.

So that process is there in a tenth of a second, where all of the server takes one or several.
"""
