"""Ground: settings, the Temporal connection and logging, which every process needs."""
