"""How fast and how light the server is, against a bare DevTools client on the same page in the same run."""
