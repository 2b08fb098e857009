"""Evaluation: how well labelled questions are answered, and what differs from an earlier run."""
