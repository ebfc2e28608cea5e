"""Credit (信用): broken promises on record and what is told of them; knows people and companies alone."""
