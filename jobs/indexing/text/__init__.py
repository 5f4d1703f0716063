"""Words: the language of a text, and how the words of each language are cut and reduced."""
