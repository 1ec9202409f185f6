"""What ``doctor`` looks at: this machine, and the addresses that are watched."""
