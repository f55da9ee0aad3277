"""What every room may use: errors, text, folders, resampling. Import its modules by name."""
