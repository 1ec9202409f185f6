"""What the program is made of beside its own code: licences, advisories, a bill of materials."""
