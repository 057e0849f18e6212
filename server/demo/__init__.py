"""The demonstration: a meeting with three drafts, made once, and sign-in links for every role at each start."""
