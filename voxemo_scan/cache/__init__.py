"""What the tool keeps between runs: results, page media and clips."""
