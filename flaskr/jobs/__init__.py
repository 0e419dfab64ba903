"""When it runs: the queue, the steps, the worker processes."""
