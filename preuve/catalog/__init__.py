"""Templates as operators keep them: versions, samples, the gate before publishing."""
