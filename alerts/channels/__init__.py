"""The ways a message reaches a person, one small file each, all of one shape."""
