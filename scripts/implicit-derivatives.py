"""
Writes test/vectors/implicit.json: implicit derivatives ∂x/∂θ = −(∂F/∂θ) / p(x) of gamma, beta, Student's t and von Mises variables.

F is summed (or integrated) in 60 digits and differentiated by a central difference in θ, so nothing here shares a formula with the kernels.
Each x is a quantile, from 1e-12 to 1 − 1e-12, rounded to a double. Needs mpmath and scipy: `python3 scripts/implicit-derivatives.py`.
"""
import json
import os
from mpmath import mp, mpf
from scipy import stats

mp.dps = 60
STEP = mpf(10) ** -22
LEVELS = (1e-12, 1e-6, 1e-3, 0.05, 0.3, 0.5, 0.7, 0.95, 0.999)


def series(first, ratio):
    """first · (1 + r₀ + r₀ r₁ + …), all terms positive."""
    term, total, k = mpf(1), mpf(1), 0
    while term > total * mpf(10) ** -58:
        term *= ratio(k)
        total += term
        k += 1
    return first * total


def log_beta(a, b):
    return mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)


def gamma_lower(a, x):
    return series(mp.exp(a * mp.log(x) - x - mp.loggamma(a + 1)), lambda k: x / (a + 1 + k))


def beta_lower(a, b, x, y):
    return series(mp.exp(a * mp.log(x) + b * mp.log(y) - log_beta(a, b)) / a, lambda k: x * (a + b + k) / (a + 1 + k))


def slope(f, at):
    h = at * STEP
    return (f(at + h) - f(at - h)) / (2 * h)


def gamma(a, x):
    a, x = mpf(a), mpf(x)
    density = mp.exp((a - 1) * mp.log(x) - x - mp.loggamma(a))
    if x < a + 50 * mp.sqrt(a) + 50:
        with mp.workdps(60 + int(x / 2.3) if a < 40 else 90):
            return -slope(lambda t: gamma_lower(t, x), a) / density
    return slope(lambda t: mp.gammainc(t, x, mp.inf, regularized=True), a) / density


def beta(a, b, x):
    """∂x/∂a and ∂x/∂b."""
    a, b, x = mpf(a), mpf(b), mpf(x)
    y = 1 - x
    density = mp.exp((a - 1) * mp.log(x) + (b - 1) * mp.log(y) - log_beta(a, b))
    if x < 0.5:
        return [-slope(lambda t: beta_lower(t, b, x, y), a) / density, -slope(lambda t: beta_lower(a, t, x, y), b) / density]
    return [slope(lambda t: beta_lower(b, t, y, x), a) / density, slope(lambda t: beta_lower(t, a, y, x), b) / density]


def student(v, z):
    v, z = mpf(v), mpf(z)
    def upper(v):
        w, u = v / (v + z * z), z * z / (v + z * z)
        return beta_lower(v / 2, mpf(1) / 2, w, u) / 2 if w < mpf("0.9") else mpf(1) / 2 - beta_lower(mpf(1) / 2, v / 2, u, w) / 2
    density = mp.exp(-(v + 1) / 2 * mp.log1p(z * z / v) - log_beta(v / 2, mpf(1) / 2)) / mp.sqrt(v)
    return slope(upper, v) / density


def von_mises(k, x):
    k, x = mpf(k), mpf(x)
    def scaled(k):
        width = min(x, 12 / mp.sqrt(k)) if k > 40 else x
        points = [x * i / 12 for i in range(13)] if width == x else [0] + [width * i / 8 for i in range(1, 8)] + [x]
        return mp.quad(lambda t: mp.exp(k * (mp.cos(t) - mp.cos(x))), points)
    def central(k):
        return scaled(k) * mp.exp(k * (mp.cos(x) - 1)) / (2 * mp.pi * mp.besseli(0, k) * mp.exp(-k))
    density = mp.exp(k * (mp.cos(x) - 1)) / (2 * mp.pi * mp.besseli(0, k) * mp.exp(-k))
    return -slope(central, k) / density


def levels(family):
    for p in LEVELS:
        yield float(family.ppf(p))
    for p in LEVELS[:3]:
        yield float(family.isf(p))


def table():
    out = {"gamma": [], "beta": [], "student": [], "vonMises": []}
    for a in (1e-4, 1e-3, 0.01, 0.1, 0.3, 0.7, 1, 1.5, 3, 8, 20, 100, 1e3, 1e4, 1e5, 1e6):
        for x in levels(stats.gamma(a)):
            if x > 1e-300:
                out["gamma"].append([a, x, float(gamma(a, x))])
    sizes = (1e-4, 0.01, 0.3, 1, 2.5, 12, 100, 1e4, 1e6)
    for a in sizes:
        for b in sizes:
            for x in levels(stats.beta(a, b)):
                if 1e-300 < x < 1:
                    out["beta"].append([a, b, x, *map(float, beta(a, b, x))])
    for v in (1e-4, 0.01, 0.3, 1, 2, 5, 12, 29, 31, 100, 1e3, 1e4, 1e6):
        for z in levels(stats.t(v)):
            if 0 < z < 1e150:
                out["student"].append([v, z, float(student(v, z))])
        out["student"].append([v, 0.01, float(student(v, 0.01))])
    for k in (1e-4, 0.01, 0.3, 1, 2.5, 12, 50, 700, 1e4, 1e6):
        for x in levels(stats.vonmises(k)):
            if 0 < x < 3.14159:
                out["vonMises"].append([k, x, float(von_mises(k, x))])
    return out


if __name__ == "__main__":
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    with open(os.path.join(root, "test/vectors/implicit.json"), "w") as file:
        parts = (f'"{name}": [\n' + ",\n".join(json.dumps(row) for row in rows) + "\n]" for name, rows in table().items())
        file.write("{\n" + ",\n".join(parts) + "\n}\n")
