"""What a closed case leaves: a package that is never changed (电子档案单套归档)."""
