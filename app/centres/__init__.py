"""Service centres, their windows and hours, and the working days of the city (政务服务中心、窗口、工作日)."""
