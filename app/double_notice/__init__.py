"""Double notice (双告知): after a registration applicant and departments hear which licences come next."""
