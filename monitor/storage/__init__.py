"""Tables, queries and the only place that commits."""
