"""Builds: from what changed in the sources to a published generation."""
