"""Settings, the data folder and logging. Imports nothing of the core."""
