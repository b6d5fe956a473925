# Multiplies whole numbers in floating point: right only while the product fits a double.
FACTORS = [-12, 34]
# --- end of data ---

product = 1.0
for factor in FACTORS:
    product *= factor
print(f"<<<{product:.0f}>>>")
