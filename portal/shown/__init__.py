"""What pages show, worked out of plans and states: no request, no store, only words."""
