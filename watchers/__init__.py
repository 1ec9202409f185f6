"""What is watched, and how its bytes reach us."""

import sys
import warnings

# What Beautiful Soup thinks of a publisher's page (XML? a file name?) is no news for whoever runs the monitor.
warnings.filterwarnings("ignore", category=UserWarning, module=r"watchers\.")

# httpx loads a command line of its own, slow to load, where rich is installed; nobody here calls it.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
