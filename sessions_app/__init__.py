"""Browser sessions: models, services, engine, pages and sockets."""
