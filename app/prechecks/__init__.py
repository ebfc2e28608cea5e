"""A clerk looks at an application before its applicant travels (网上预审)."""
