"""Storage: articles, lexical index, vectors, and the generations that hold them."""
