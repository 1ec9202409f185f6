"""One address asked, politely and safely, and what it answered."""
