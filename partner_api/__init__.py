"""The doors of partner systems (合作单位接口): signed, counted, reading only."""
