"""Where everything is put together: a file a concern, so that each way in loads what it needs."""
