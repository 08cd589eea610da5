"""One folder a page: its view, its template, its words, its test."""
