"""Publishers, kills and bodies that are out to stop the watch; all on loopback, all bounded."""
