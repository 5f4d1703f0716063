"""The frozen values that an analysis gives: what stands in results.json."""
