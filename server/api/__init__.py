"""REST: section 4 of the contract, and what it is made of."""
