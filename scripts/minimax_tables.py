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


def half_pi(bits):
    from minimax import parts, rounded
    return [rounded(2 / mp.pi, bits)] + parts(mp.pi / 2, by_precision(bits, [13, 13], [33, 33]), bits), None, \
        "2 / π, and π / 2 in three parts of which the first two have exact products with counts up to 2¹¹ (f64: 2²⁰)"


def sin(bits):
    from minimax import fitted
    f = lambda z: (mp.sin(mp.sqrt(z)) / mp.sqrt(z) - 1) / z if z else -mpf(1) / 6
    c, e = fitted(f, lambda z: z + mpf("0.01"), (0, (mp.pi / 4) ** 2 * mpf("1.001")), by_precision(bits, 3, 6), bits)
    return c, e, "(sin r − r) / r³ in r², |r| ≤ π / 4"


def cos(bits):
    from minimax import fitted
    f = lambda z: (mp.cos(mp.sqrt(z)) - 1 + z / 2) / z**2 if z else mpf(1) / 24
    c, e = fitted(f, lambda z: z**2 + mpf("0.01"), (0, (mp.pi / 4) ** 2 * mpf("1.001")), by_precision(bits, 3, 6), bits)
    return c, e, "(cos r − 1 + ½ r²) / r⁴ in r², |r| ≤ π / 4"


def lgamma(bits):
    from minimax import fitted
    f = lambda t: mp.loggamma(2 + t) / t if t else 1 - mp.euler
    c, e = fitted(f, lambda t: 1 / f(t), (-mpf("0.75"), mpf("0.5")), by_precision(bits, 12, 21), bits)
    return c, e, "ln Γ(2 + t) / t on −¾ ≤ t ≤ ½, relative"


STIRLING_FROM = mpf("4.5")


def stirling(bits):
    from minimax import fitted
    def f(z):
        if not z:
            return mpf(1) / 12
        x = 1 / mp.sqrt(z)
        return x * (mp.loggamma(x) - (x - mpf(1) / 2) * (mp.log(x) - 1) - mp.log(2 * mp.pi) / 2 + mpf(1) / 2)
    c, e = fitted(f, lambda z: (mp.sqrt(z) + mpf("0.01")) / 3, (0, 1 / STIRLING_FROM**2), by_precision(bits, 3, 8), bits)
    return c, e, "the rest of Stirling's series for ln Γ, x ≥ 4.5, times x, in 1 / x²"


ROOT = mp.findroot(mp.digamma, mpf("1.46163"))


def gamma_constants(bits):
    from minimax import parts, rounded
    return [rounded(mp.log(2 * mp.pi) / 2 - mpf(1) / 2, bits)] + parts(ROOT, by_precision(bits, [24], [53]), bits), None, \
        "½ ln 2π − ½, and the root of the digamma function in two parts"


def digamma(bits):
    from minimax import fitted
    def f(t):
        x = t + mpf(3) / 2
        return mp.digamma(x) / (x - ROOT)
    c, e = fitted(f, lambda t: 1 / f(t), (-mpf("0.5"), mpf("0.5")), by_precision(bits, 10, 22), bits)
    return c, e, "ψ(x) / (x − root) in x − 3 / 2, 1 ≤ x ≤ 2, relative"


def digamma_tail(bits):
    from minimax import fitted
    def f(z):
        if not z:
            return mpf(1) / 12
        x = 1 / mp.sqrt(z)
        return x * x * (mp.log(x) - 1 / (2 * x) - mp.digamma(x))
    c, e = fitted(f, lambda z: (z + mpf("0.01")) * 2, (0, mpf(1) / 4), by_precision(bits, 5, 16), bits)
    return c, e, "(ln x − 1 / 2x − ψ(x)) x² in 1 / x², x ≥ 2"


CENTRE = mpf("0.180625")


def normal_central(bits):
    from minimax import fitted_rational
    def f(v):
        q = mp.sqrt(CENTRE - v)
        return mp.sqrt(2) * mp.erfinv(2 * q) / q if q else mp.sqrt(2 * mp.pi)
    degree = by_precision(bits, 3, 7)
    c, e = fitted_rational(f, lambda v: 1 / f(v), (0, CENTRE), degree, degree, bits)
    return c, e, f"z / q in 0.180625 − q², q = p − ½, |q| ≤ 0.425: P, then Q, of degree {degree}, relative"


def upper_quantile(r):
    """z with 1 − Φ(z) = exp(−r²), by Newton's method on the logarithms."""
    guess = mp.sqrt(2) * r * (1 if r > 3 else mpf("0.9"))
    for _ in range(60):
        q = mp.erfc(guess / mp.sqrt(2)) / 2
        step = (mp.log(q) + r * r) * q * mp.sqrt(2 * mp.pi) / mp.exp(-guess**2 / 2)
        guess += step
        if abs(step) < mpf(10) ** -45:
            return guess
    raise ArithmeticError(r)


def normal_tail(bits):
    from minimax import fitted_rational
    origin = mpf("1.6")
    f = lambda s: upper_quantile(origin + s)
    numerator, denominator = by_precision(bits, (4, 3), (10, 10))
    nearest, furthest = mp.sqrt(-mp.log(mpf("0.0751"))), by_precision(bits, mpf("10.2"), mpf("27.4"))
    c, e = fitted_rational(f, lambda s: 1 / f(s), (nearest - origin, furthest - origin), numerator, denominator, bits)
    return c, e, f"z in r − 1.6, r = √(−ln p), p ≤ 0.075: P of degree {numerator}, then Q of degree {denominator}, relative"


GAP_SHIFT = 3


def normal_gap(bits):
    """The hazard of the standard normal less its argument, by its continued fraction (Laplace) where the error function is too small."""
    from minimax import fitted
    def gap(t):
        if t < 60:
            return mp.exp(-t * t / 2) * mp.sqrt(2 / mp.pi) / mp.erfc(t / mp.sqrt(2)) - t
        hazard = t
        for k in range(400, 0, -1):
            hazard = t + k / hazard
        return hazard - t
    def f(v):
        r = (1 - v) / (2 * GAP_SHIFT)
        return gap(max(mpf(0), 1 / r - GAP_SHIFT)) / r if r else mpf(1)
    c, e = fitted(f, lambda v: 1 / f(v), (-1, 1), by_precision(bits, 12, 28), bits)
    return c, e, f"(φ(t) / Q(t) − t) / r in v = 1 − {2 * GAP_SHIFT} r, r = 1 / (t + {GAP_SHIFT}), t ≥ 0, relative"


def atan(bits):
    from minimax import fitted
    f = lambda z: mp.atan(mp.sqrt(z)) / mp.sqrt(z) if z else mpf(1)
    c, e = fitted(f, lambda z: 1 / f(z), (0, mp.tan(mp.pi / 8) ** 2 * mpf("1.0005")), by_precision(bits, 6, 12), bits)
    return c, e, "atan(t) / t in t², 0 ≤ t ≤ tan π/8, relative"


TABLES = {
    "BASE_TWO": base_two, "EXP": exp, "LOG": log, "HALF_PI": half_pi, "SIN": sin, "COS": cos,
    "GAMMA": gamma_constants, "LGAMMA": lgamma, "STIRLING": stirling, "DIGAMMA": digamma, "DIGAMMA_TAIL": digamma_tail,
    "NORMAL_CENTRAL": normal_central, "NORMAL_TAIL": normal_tail,
    "NORMAL_GAP": normal_gap, "ATAN": atan,
}
