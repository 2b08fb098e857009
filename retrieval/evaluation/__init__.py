"""Labelled questions to figures: how well questions are answered, and what differs from an earlier run."""
