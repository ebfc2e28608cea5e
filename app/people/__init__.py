"""Citizens, who they are logged in as, and what they agreed to (市民、登录、同意)."""
