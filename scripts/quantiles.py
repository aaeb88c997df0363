"""
Writes test/vectors/quantiles.json: quantiles of gamma, beta, Student's t and von Mises variables of ordinary and extreme parameters, from scipy.

By family [parameters…, [quantile or null where it is no number of f64]…], at the levels given. `python3 scripts/quantiles.py`.
"""
import json
import os
from scipy import stats

LEVELS = (1e-4, 1e-3, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999)
SIZES = (1e-3, 0.01, 0.1, 0.5, 1, 2.5, 30, 65432)
FAMILIES = {
    "gamma": (stats.gamma, [(a,) for a in (1e-4, 1e-3, 0.01, 0.1, 0.5, 0.9, 1, 1.5, 2.5, 10, 100, 1e4, 1e6)]),
    "beta": (stats.beta, [(a, b) for a in SIZES for b in SIZES if a <= b or (a, b) == (2.5, 0.5)] + [(65432, 123456)]),
    "studentT": (stats.t, [(v,) for v in (1e-2, 0.1, 0.5, 1, 2, 5, 30, 1e3, 1e6)]),
    "vonMises": (stats.vonmises, [(k,) for k in (1e-4, 0.1, 1, 4, 30, 1e3, 1e6)]),
}


def number(x):
    return float(x) if 1e-300 < abs(x) < 1e300 else None


table = {name: [[*p, [number(family(*p).ppf(level)) for level in LEVELS]] for p in parameters] for name, (family, parameters) in FAMILIES.items()}
root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
with open(os.path.join(root, "test/vectors/quantiles.json"), "w") as file:
    rows = (f'"{name}": [\n' + ",\n".join(json.dumps(row) for row in own) + "\n]" for name, own in {"levels": list(LEVELS), **table}.items())
    file.write("{\n" + ",\n".join(rows) + "\n}\n")
