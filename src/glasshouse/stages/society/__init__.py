"""Who they are: a community drawn from published margins, a seed and its own number."""
