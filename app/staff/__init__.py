"""Clerks, their roles and their sessions (工作人员、岗位、登录)."""
