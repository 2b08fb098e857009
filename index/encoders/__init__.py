"""Encoders: texts to unit vectors, by sentence-transformers, ONNX Runtime or a static table."""
