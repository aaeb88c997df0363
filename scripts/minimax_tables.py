"""What scripts/minimax.py fits: for each table the function, the weight, the interval and how many coefficients."""
from mpmath import mp, mpf


def by_precision(bits, single, double):
    return single if bits == 24 else double


def exp(bits):
    from minimax import fitted
    f = lambda r: (mp.expm1(r) - r) / r**2 if r else mpf(1) / 2
    edge = mp.log(2) / 2 * mpf("1.0005")
    c, e = fitted(f, lambda r: abs(r) ** 2 + mpf("0.001"), (-edge, edge), by_precision(bits, 5, 10), bits)
    return c, e, "(eʳ − 1 − r) / r² on |r| ≤ ½ ln 2"


def log(bits):
    from minimax import fitted
    def f(z):
        s = mp.sqrt(z)
        return (mp.log((1 + s) / (1 - s)) - 2 * s) / s**3 if z else mpf(2) / 3
    edge = (3 - 2 * mp.sqrt(2)) ** 2 * mpf("1.0005")
    c, e = fitted(f, lambda z: (z + mpf("0.0005")) / 2, (0, edge), by_precision(bits, 4, 7), bits)
    return c, e, "(2 artanh s − 2 s) / s³ in s², |s| ≤ 3 − 2√2"


def base_two(bits):
    from minimax import parts, rounded
    ln2 = mp.log(2)
    return [rounded(1 / ln2, bits)] + parts(ln2, by_precision(bits, [15], [42]), bits), None, "log₂ e, and ln 2 in two parts of which the first has an exact product with any exponent"


TABLES = {"BASE_TWO": base_two, "EXP": exp, "LOG": log}
