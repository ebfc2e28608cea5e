"""Market entities (市场主体): the names citizens reserve and what the registry tells about enterprises."""
