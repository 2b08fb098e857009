"""What questions and sentences say, told by rules: no model, no disk. Pure."""
