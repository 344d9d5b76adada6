"""One file a stage, named by what it writes. Stages never import each other."""
