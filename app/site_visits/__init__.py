"""Site visits (上门服务、现场踏勘): one trip, the checklist of every department, one record."""
