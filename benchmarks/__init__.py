"""Every speed, memory and quality figure of the project, as a ratio against a peer or a limit of the same run."""
