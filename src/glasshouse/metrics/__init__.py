"""Numbers over columns and counts: pure functions that need neither the engine nor the compiler."""
