"""Builds: from changes in the sources to a published generation."""
