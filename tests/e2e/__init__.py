"""The whole server as its users meet it: a subprocess, real browsers, no look inside."""
