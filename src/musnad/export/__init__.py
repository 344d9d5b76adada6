"""From lines to what people and programs read: one file a format."""
