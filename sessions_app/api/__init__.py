"""REST: parse, call one service, serialise."""
