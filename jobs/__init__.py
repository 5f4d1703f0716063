"""The jobs that Longhaul runs, and the life of a job. Importing this package loads nothing else."""
