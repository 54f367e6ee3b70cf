"""Other people's clients, as they come from their registries, against a running server (`make test-clients`)."""
