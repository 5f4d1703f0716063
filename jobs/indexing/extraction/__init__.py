"""From a file to clean passages, in processes that can be killed."""
