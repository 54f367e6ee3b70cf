"""Pages for people: one view a page, one a fragment; each parses, calls one service and renders."""
