"""Published results that the lab must reproduce: rows of data, runners, and the verdict on each."""
