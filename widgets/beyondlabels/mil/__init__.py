"""Writing a package: building a program, the groups of operations that recipes share, metadata and the atomic save."""
