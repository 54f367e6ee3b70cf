"""Steps: a list of small actions that is checked as a whole and then done in a session's active tab, one after the other."""
