"""One module a question: TITLE, and `answer(lab)` which returns its rows."""
