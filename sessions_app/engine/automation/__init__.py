"""Programs' calls on a live session, by Playwright through the mux."""
