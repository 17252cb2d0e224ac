"""The desk: server-rendered pages for the officers."""
