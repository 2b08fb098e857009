"""Trains the reader on labelled questions, in five steps: data, train, export, calibrate, evaluate."""
