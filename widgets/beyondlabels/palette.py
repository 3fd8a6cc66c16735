"""The colours of every figure, in one place."""

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")  # Okabe and Ito, for colour-blind readers
PAPER = "#fbfbfc"  # light on purpose: a figure reads the same in the dark theme
