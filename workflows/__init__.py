"""Time: durable waiting, and the contract of what outsiders may ask."""
