"""What has to be paid, for what and on what basis, in whole fen (收费、缴款通知、票据)."""
