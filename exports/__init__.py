"""Files that leave the product: each carries its notes, and is made from the same thing that a page shows."""
