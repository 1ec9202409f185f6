"""What is watched, and how its bytes reach us."""
