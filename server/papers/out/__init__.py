"""Papers that go out: a document as a `Paper`, in no format yet, and the formats that it is written in."""
