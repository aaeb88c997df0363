"""
Writes test/vectors/math.json: hard arguments of the elementary functions and their values, from mpmath.

Each entry is [x, y, rest]: y the correctly rounded value, rest what it lacks of the true one in units of its last place, so that a test
knows the error to a thousandth of an ulp. ∞ is written 1e999, NaN null. `python3 scripts/hard-points.py`; with a number as argument
it prints that many points a function instead of writing the file (for wider searches).
"""
import os
import random
import struct
import sys
from mpmath import mp, mpf

mp.prec = 160

LEAST = {24: mpf(2) ** -149, 53: mpf(2) ** -1074}
NORMAL = {24: -126, 53: -1022}
LARGEST = {24: float.fromhex("0x1.fffffep127"), 53: sys.float_info.max}


def to_precision(x, bits):
    if bits == 53:
        return float(x)
    try:
        return struct.unpack("<f", struct.pack("<f", x))[0]
    except OverflowError:
        return float("inf") if x > 0 else float("-inf")


def spacing(y, bits):
    if y == 0:
        return LEAST[bits]
    exponent = mp.frexp(abs(y))[1] - 1
    return mpf(2) ** (max(exponent, NORMAL[bits]) - bits + 1)


def rounded(y, bits):
    """The value to nearest, ties to even, and the rest in units of its last place."""
    unit = spacing(y, bits)
    whole = mp.nint(y / unit) * unit
    if abs(whole) > LARGEST[bits]:
        return (float("inf") if y > 0 else float("-inf")), 0.0
    return float(whole), float((y - whole) / spacing(whole if whole else y, bits))


def quantile(p):
    if p == mpf(1) / 2:
        return mpf(0)
    if p > mpf(1) / 2:
        return -quantile(1 - p)
    if p > mpf("0.01"):
        return mp.sqrt(2) * mp.erfinv(2 * p - 1)
    aim = mp.log(p)
    guess = mp.sqrt(-2 * aim) * mpf("0.95")
    for _ in range(100):
        q = mp.erfc(guess / mp.sqrt(2)) / 2
        step = (mp.log(q) - aim) * q * mp.sqrt(2 * mp.pi) / mp.exp(-guess * guess / 2)
        guess += step
        if abs(step) < mpf(2) ** -140:
            return -guess
    raise ArithmeticError(p)


def normal_gap(t):
    if t < 60:
        return mp.exp(-t * t / 2) * mp.sqrt(2 / mp.pi) / mp.erfc(t / mp.sqrt(2)) - t
    rest = t  # 1 / (t + 2 / (t + 3 / …)), Laplace's continued fraction
    for k in range(400, 1, -1):
        rest = t + k / rest
    return 1 / rest


def log_gamma(x):
    return mp.loggamma(x)


FUNCTIONS = {
    "exp": mp.exp, "log": mp.log, "expm1": mp.expm1, "log1p": mp.log1p, "sin": mp.sin, "cos": mp.cos, "tanh": mp.tanh,
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
    "softplus": lambda x: mp.log1p(mp.exp(-abs(x))) + max(x, 0),
    "normalQuantile": quantile, "normalGap": normal_gap, "lgamma": log_gamma, "digamma": mp.digamma,
}
SIGNED_ZERO = {"sin", "tanh", "expm1", "log1p"}
INFINITY, NAN = float("inf"), float("nan")
SPECIAL = {
    "exp": [(INFINITY, INFINITY), (-INFINITY, 0.0), (0.0, 1.0), (-0.0, 1.0)],
    "log": [(INFINITY, INFINITY), (-INFINITY, NAN), (0.0, -INFINITY), (-0.0, -INFINITY), (-1.0, NAN), (1.0, 0.0)],
    "expm1": [(INFINITY, INFINITY), (-INFINITY, -1.0), (0.0, 0.0), (-0.0, -0.0)],
    "log1p": [(INFINITY, INFINITY), (-INFINITY, NAN), (0.0, 0.0), (-0.0, -0.0), (-1.0, -INFINITY), (-1.5, NAN)],
    "sin": [(INFINITY, NAN), (-INFINITY, NAN), (0.0, 0.0), (-0.0, -0.0)],
    "cos": [(INFINITY, NAN), (-INFINITY, NAN), (0.0, 1.0), (-0.0, 1.0)],
    "tanh": [(INFINITY, 1.0), (-INFINITY, -1.0), (0.0, 0.0), (-0.0, -0.0)],
    "sigmoid": [(INFINITY, 1.0), (-INFINITY, 0.0), (0.0, 0.5), (-0.0, 0.5)],
    "softplus": [(INFINITY, INFINITY), (-INFINITY, 0.0)],
    "normalQuantile": [(0.0, -INFINITY), (1.0, INFINITY), (0.5, 0.0), (-0.5, NAN), (1.5, NAN), (INFINITY, NAN), (-INFINITY, NAN)],
    "normalGap": [(INFINITY, 0.0)],
    "lgamma": [(0.0, INFINITY), (1.0, 0.0), (2.0, 0.0), (INFINITY, INFINITY), (-1.0, NAN), (-INFINITY, NAN)],
    "digamma": [(0.0, -INFINITY), (INFINITY, INFINITY), (-1.0, NAN), (-INFINITY, NAN)],
}


def wide(low, high):
    """A positive number whose exponent is uniform."""
    return lambda: random.uniform(1, 2) * 2.0 ** random.randint(low, high - 1)


def signed(draw):
    return lambda: random.choice((-1, 1)) * draw()


def between(low, high):
    return lambda: random.uniform(low, high)


def around(centre, low, high):
    """Near a point, at distances of all scales."""
    return lambda: centre + random.choice((-1, 1)) * 2.0 ** random.uniform(low, high)


def near_right_angles(bits):
    """For random exponents, the number nearest to a multiple of π/2: a convergent of 2ᵉ · 2/π."""
    def draw():
        exponent = random.randint(1 - bits, 127 - bits if bits == 24 else 1023 - bits)
        with mp.workprec(1400):
            ratio = mpf(2) ** exponent * 2 / mp.pi
            before, last, rest = 0, 1, ratio
            while True:
                rest = rest - mp.floor(rest)
                rest = 1 / rest
                before, last = last, before + int(mp.floor(rest)) * last
                if last >= 2**bits:
                    return float(mpf(before) * mpf(2) ** exponent)
    return draw


def draws(name, bits):
    low, high = (-149, 127) if bits == 24 else (-1074, 1023)
    fine, top = 1 - bits, LARGEST[bits]
    edge = float(mp.log(top))
    least = float(mp.log(LEAST[bits]))
    angles = [between(-10, 10), signed(wide(-20, 12)), signed(wide(low, high)), near_right_angles(bits), signed(wide(0, 20))]
    return {
        "exp": [between(-10, 10), between(least, edge), signed(wide(fine - 2, 4)), around(0, low, 3), between(edge - 1, edge), between(least - 0.7, least + 20)],
        "log": [between(0.5, 2), wide(low, high), around(1, fine, -1), between(0, 10), wide(low, low + bits)],
        "expm1": [between(-2, 2), between(-45, edge), signed(wide(low, 3)), between(-1.1, 1.1), between(edge - 1, edge)],
        "log1p": [between(-0.9, 2), signed(wide(low, -1)), wide(-5, high), around(0, fine, 0), lambda: -1 + 2.0 ** random.uniform(fine, 0)],
        "sin": angles,
        "cos": angles,
        "tanh": [between(-2, 2), signed(wide(low, 5)), between(-22, 22), signed(wide(-12, 1))],
        "sigmoid": [between(-5, 5), between(least, -least), signed(wide(low, 5)), between(-40, 40), between(least, least + 40)],
        "softplus": [between(-5, 5), between(least, -least), signed(wide(low, 7)), between(-40, 40), between(least, least + 40)],
        "normalQuantile": [between(0, 1), wide(low, 0), between(0.05, 0.1), around(0.5, fine - 4, -1.1), lambda: 1 - 2.0 ** random.uniform(1 - bits, 0), between(0.9, 0.95)],
        "normalGap": [between(0, 10), wide(low, high - 3), between(0, 3), between(2, 60), wide(-10, 10)],
        "lgamma": [between(0, 10), wide(low, high - bits // 3), around(1, fine, -1.1), around(2, fine, -1.1), between(2.4, 5), between(0.4, 2.6)],
        "digamma": [between(0, 4), wide(low + bits + 3, high), around(1.4616321449683623, fine, -2), between(1.9, 2.1), between(0.9, 1.1), between(4, 40)],
    }[name]


def entries(name, bits, count):
    random.seed(f"{name} {bits}")
    kinds, function = draws(name, bits), FUNCTIONS[name]
    for x, y in SPECIAL[name] + [(NAN, NAN)]:
        yield x, y, 0.0
    for i in range(count):
        x = to_precision(kinds[i % len(kinds)](), bits)
        if x in (INFINITY, -INFINITY) or x == 0 or (name, x) in (("log1p", -1.0), ("normalQuantile", 1.0), ("lgamma", 1.0), ("lgamma", 2.0)):
            continue
        y, rest = rounded(function(mpf(x)), bits)
        if y == 0 and name in SIGNED_ZERO:
            continue
        yield x, y, rest


def literal(value):
    if value != value:
        return "null"
    return repr(value).replace("inf", "1e999")


def table(count):
    body = []
    for name in FUNCTIONS:
        for bits in (24, 53):
            rows = ",\n".join(f"[{literal(x)}, {literal(y)}, {round(rest, 3):g}]" for x, y, rest in entries(name, bits, count))
            body.append(f'"{name}{32 if bits == 24 else 64}": [\n{rows}\n]')
    return "{\n" + ",\n".join(body) + "\n}\n"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(table(int(sys.argv[1])))
    else:
        root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        with open(os.path.join(root, "test/vectors/math.json"), "w") as file:
            file.write(table(240))
