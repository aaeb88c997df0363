"""
Writes test/vectors/truncated-normal.json: draws of given uniforms, their derivatives at a fixed uniform, log densities, moments and
entropies of truncated normals, in the middle, far in the tails and in narrow intervals, by mpmath in 150 digits relative to the density at the nearer end.
"""
import json
import os
from mpmath import mp, mpf

mp.dps = 150
UNIFORMS = [2.0**-40, 0.015625, 0.3125, 0.5, 0.78125, 0.9990234375, 1 - 2.0**-40]
INFINITY = float("inf")
CASES = [  # low, high, location, logScale
    (-INFINITY, INFINITY, 0.5, 0.25), (0, INFINITY, 0.5, 0.25), (-INFINITY, 1, 0.5, 0.25), (-1, 2, 0.5, 0.25), (-1, 2, 5, 0.5), (-1, 2, -4, 0.5),
    (0, 1, 0.25, -3), (0, 1, -1, -0.5), (30, INFINITY, 0, 0), (-INFINITY, -30, 0, 0), (0, INFINITY, -30, 0), (30, 31, 0, 0), (-31, -30, 0, 0),
    (30, 30.001, 0, 0), (0, 1, 30, 0), (0, 1, -300, 1), (120, INFINITY, 0, 0), (0, 0.0009765625, -1, -7),
    (0, 1, 0.25, 8), (0, 1, 3, 12), (-2, 3, 1e3, 10), (0, INFINITY, 1, 6), (-40, 60, 0, 0), (0, 1, 0, 40), (1.5, 4, 0, 0), (2.5, 2.75, 0, 0),
]


def mills(t):
    """Q(t) / φ(t), t real: by its continued fraction (Laplace) far out."""
    if t < 12:
        return mp.sqrt(mp.pi / 2) * mp.exp(t * t / 2) * mp.erfc(t / mp.sqrt(2))
    hazard = t
    for k in range(600, 0, -1):
        hazard = t + k / hazard
    return 1 / hazard


def density(t, origin):
    """φ(t) / φ(origin)"""
    return mpf(0) if mp.isinf(t) else mp.exp((origin - t) * (origin + t) / 2)


def upper(t, origin):
    """Q(t) / φ(origin)"""
    if t == -mp.inf:
        return mp.sqrt(2 * mp.pi) * mp.exp(origin * origin / 2)
    return mpf(0) if t == mp.inf else mills(t) * density(t, origin)


def solved(u, a, b, origin):
    """z with (Φ(z) − Φ(a)) / (Φ(b) − Φ(a)) = u: by bisection, then Newton's method."""
    aim = (1 - u) * upper(a, origin) + u * upper(b, origin)
    low, high = max(a, -mpf(50)), min(b, max(a, mpf(0)) + 50)
    for _ in range(30):
        z = (low + high) / 2
        low, high = (z, high) if upper(z, origin) > aim else (low, z)
    for _ in range(8):
        z += (upper(z, origin) - aim) / density(z, origin)
    return z


def one(case):
    low, high, location, scale = mpf(case[0]), mpf(case[1]), mpf(case[2]), mp.exp(mpf(case[3]))
    a, b = (low - location) / scale, (high - location) / scale
    sign = -1 if a + b < 0 else 1
    if sign < 0:
        a, b = -b, -a
    origin = max(a, mpf(0))
    total = upper(a, origin) - upper(b, origin)
    weighed = [mpf(0) if mp.isinf(t) else t * density(t, origin) for t in (a, b)]
    mean = (density(a, origin) - density(b, origin)) / total
    square = 1 + (weighed[0] - weighed[1]) / total
    constant = mp.log(scale * total) - origin * origin / 2
    rows = []
    for u in UNIFORMS:
        own = mpf(u) if sign > 0 else 1 - mpf(u)
        z = solved(own, a, b, origin)
        first, second = (1 - own) * density(a, z), own * density(b, z)
        pulled = z - (first * a if mp.isfinite(a) else 0) - (second * b if mp.isfinite(b) else 0)
        rows.append([float(v) for v in (u, location + sign * scale * z, 1 - first - second, sign * scale * pulled, -z * z / 2 - constant)])
    found = {"mean": location + sign * scale * mean, "variance": scale**2 * (square - mean**2), "entropy": constant + square / 2}
    return {"low": str(case[0]), "high": str(case[1]), "location": case[2], "logScale": case[3], **{name: float(value) for name, value in found.items()}, "rows": rows}


if __name__ == "__main__":
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    found = list(map(one, CASES))
    with open(os.path.join(root, "test/vectors/truncated-normal.json"), "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(row) for row in found) + "\n]\n")
