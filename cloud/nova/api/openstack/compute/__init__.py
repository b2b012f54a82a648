"""The controllers of the OpenStack API, a file for each noun of its URLs."""
