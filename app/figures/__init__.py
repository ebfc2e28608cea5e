"""What the city promised, measured (承诺指标): each number with what it is counted from."""
