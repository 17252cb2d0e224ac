"""The roles that bring a framework of their own, a file each, so that none loads another's."""
