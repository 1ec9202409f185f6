"""The log of what was captured: its entries, the time stamps of its head, and checking both."""
