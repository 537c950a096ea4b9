"""The plan as its author writes it: YAML files with people lists beside them."""
