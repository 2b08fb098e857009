"""Example questions made from sentences by templates. Pure."""
