"""Exact rounding for the oracles: half away from zero, on fractions."""

from decimal import Decimal
from fractions import Fraction


def rounded(value: Fraction | Decimal, decimals: int) -> Decimal:
    exact = Fraction(value) * 10**decimals
    whole = int(abs(exact) + Fraction(1, 2))
    return Decimal(whole if exact >= 0 else -whole).scaleb(-decimals)
