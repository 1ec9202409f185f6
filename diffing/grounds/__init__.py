"""What several detectors judge by: history, figures, names, phrases."""
