"""Where something is more frequent than chance: numpy in, numpy out, each with its source."""
