"""What a clerk sees and does at the desk (工作台); every look at a case is written down."""
