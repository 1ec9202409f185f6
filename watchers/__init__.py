"""What is watched, and how its bytes reach us."""

import warnings

# What Beautiful Soup thinks of a publisher's page (XML? a file name?) is no news for whoever runs the monitor.
warnings.filterwarnings("ignore", category=UserWarning, module=r"watchers\.")
