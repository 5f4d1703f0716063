"""Programs and data to try Longhaul with."""
