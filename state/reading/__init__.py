"""Read-only questions to the archive: history for judging, the timeline for its pages, captures for exports."""
