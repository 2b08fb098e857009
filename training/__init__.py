"""Labelled questions to the weights of the reader: data, train, calibrate, export, evaluate."""
