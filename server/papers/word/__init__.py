"""Word's .docx on its way in: a package of XML parts, read within bounds, to the drafts of a document.

Nothing here trusts its input, and all of it runs in a process of its own (`server/papers/bounded.py`).
"""
