"""The verbs, each written once; every one is a coroutine and raises what `errors` names."""
