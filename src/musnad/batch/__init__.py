"""Many pages: over the cores of one machine (`local`)."""
