"""The image service's API v2: JSON documents, and data beside them. One file for each noun in its paths."""
