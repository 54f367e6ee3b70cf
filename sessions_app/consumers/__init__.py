"""The sockets.

They are plain ASGI applications, not Channels consumers: a consumer's dispatch closes old database connections on one
shared thread before every message, which costs 75 µs and, behind another request's slow query, half a second.
"""
