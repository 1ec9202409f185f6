"""From looking to telling: the round, what a worker is asked, the past, and reading again."""
