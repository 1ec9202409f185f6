"""The documented incidents and the traps around them, re-created and lived through."""
