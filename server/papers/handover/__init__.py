"""The hand-over package: all that the senior body needs of a document, in one ZIP."""
