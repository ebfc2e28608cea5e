"""Money in and out: channels, attempts, callbacks, refunds (支付). Truth is what a channel has proven."""
