"""Detection: who sees, who is watched more closely, and whose act it is taken for."""
