"""The engine that reads `arabic/`: folding with an offset map, tokens, sentences, quotations, word lists, patterns and their self-check."""
