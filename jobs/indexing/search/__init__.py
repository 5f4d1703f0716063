"""From a query to pages of hits: of one index or several, for the process that answers HTTP."""
