"""The commands of `qingxin` that look, import, measure and test; one file for each noun."""
