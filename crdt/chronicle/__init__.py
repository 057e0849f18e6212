"""A chronicle: every character that ever stood in a text, when it came and went, and who wrote it first.

The order of characters never changes (YATA): the text at any point of the record is those of them that had come by
then and had not gone, in the one order of all. So any point is one pass over the chronicle, whatever lies between.
"""

from crdt.chronicle.chronicle import Chronicle
from crdt.chronicle.past import Part, Past, past_at
from crdt.chronicle.rows import FOREVER, Row

__all__ = ["FOREVER", "Chronicle", "Part", "Past", "Row", "past_at"]
