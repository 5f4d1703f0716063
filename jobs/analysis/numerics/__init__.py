"""The arithmetic under the methods: arrays in, numbers out, equal to those of R."""
