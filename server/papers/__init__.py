"""Papers: texts that come from outside, as drafts of paragraphs and a report of what was changed or lost."""
