"""What commands share: settings, how they speak, what they draw, how they end."""
