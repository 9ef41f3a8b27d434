"""What a run says, in sentences and tables; made from an archive alone, without the engine."""
