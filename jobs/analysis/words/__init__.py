"""How findings are said: numbers as text, the APA line, and the sentences of each kind of question."""
