"""The neural model: tokenizer with offsets, heads, batching by length. Nothing heavy is imported before a model is loaded."""
