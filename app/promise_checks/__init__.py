"""Whether what was promised is so (承诺核查): looked into after the decision, with the right to object."""
