"""Case to alert to a person who knows."""
