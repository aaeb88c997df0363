"""
Computes the polynomial and rational coefficients of assembly/math/ and writes assembly/math/coefficients.ts and its kin for rarer functions
(and the normal quantile's table for its twin in reference/math/).

Remez exchange (Remez 1934) on a dense Chebyshev grid in 50 digits. Coefficients are rounded to the precision they are used in,
and the error printed is the one after rounding. `python3 scripts/minimax.py` writes the file; names as arguments print those tables alone.
"""
import os
import sys
from mpmath import mp, mpf, matrix, lu_solve, cos, pi
import numpy as np

mp.dps = 50
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TWO_OVER_PI_WORDS = 38  # the largest f64 needs 1,161 bits


def grid(a, b, count):
    """Chebyshev points of [a, b], ends included, ascending."""
    a, b = mpf(a), mpf(b)
    return [(a + b) / 2 - (b - a) / 2 * cos(pi * i / (count - 1)) for i in range(count)]


def extrema(error, count):
    """The `count` alternating extrema of the error on the grid that keep the largest ones."""
    runs = []
    for i, e in enumerate(error):
        if runs and (error[runs[-1]] > 0) == (e > 0):
            if abs(e) > abs(error[runs[-1]]):
                runs[-1] = i
        else:
            runs.append(i)
    while len(runs) > count:
        surplus = len(runs) - count
        if surplus == 1:
            runs.pop(0 if abs(error[runs[0]]) < abs(error[runs[-1]]) else -1)
        else:
            weakest = min(range(len(runs)), key=lambda j: abs(error[runs[j]]))
            if weakest in (0, len(runs) - 1):
                runs.pop(weakest)
            else:
                neighbour = max(weakest - 1, weakest + 1, key=lambda j: -abs(error[runs[j]]))
                for j in sorted((weakest, neighbour), reverse=True):
                    runs.pop(j)
    return runs if len(runs) == count else None


def first_reference(points, count):
    return [round((len(points) - 1) * (2 * i + 1) / (2 * count)) for i in range(count)]


def polynomial(x, f, w, terms):
    """Minimises max w |f − Σ c_p x^p| over the grid; the coefficients and that error."""
    count = terms + 1
    reference = first_reference(x, count)
    best = None
    for _ in range(40):
        system, right = matrix(count, count), matrix(count, 1)
        for row, i in enumerate(reference):
            for power in range(terms):
                system[row, power] = x[i] ** power
            system[row, count - 1] = (-1) ** row / w[i]
            right[row] = f[i]
        solution = lu_solve(system, right)
        c = [solution[j] for j in range(count - 1)]
        level = abs(solution[count - 1])
        error = [wi * (fi - horner(c, xi)) for xi, fi, wi in zip(x, f, w)]
        worst = max(abs(e) for e in error)
        if best is None or worst < best[1]:
            best = (c, worst)
        chosen = extrema(error, count)
        if worst <= level * mpf("1.0001") or chosen is None or chosen == reference:
            break
        reference = chosen
    return best


def horner(c, x):
    total = mpf(0)
    for coefficient in reversed(c):
        total = total * x + coefficient
    return total


def rational(x, f, w, numerator, denominator):
    """Minimises max w |f − P/Q|, Q(0) = 1: interpolation at Chebyshev nodes, then exchange from the extrema of its error."""
    terms = numerator + 1 + denominator

    def solve(points, levels, q):
        """P and Q with P/Q = f − E level at the points, and E; the product E Q is linear in the Q of the step before."""
        count, before = len(points), mpf(0)
        for _ in range(12):
            system, right = matrix(count, count), matrix(count, 1)
            for row, i in enumerate(points):
                for p in range(numerator + 1):
                    system[row, p] = x[i] ** p
                for p in range(1, denominator + 1):
                    system[row, numerator + p] = -f[i] * x[i] ** p
                if levels:
                    system[row, terms] = levels[row] * horner(q, x[i])
                right[row] = f[i]
            solution = lu_solve(system, right)
            q = [mpf(1)] + [solution[numerator + j] for j in range(1, denominator + 1)]
            level = abs(solution[terms]) if levels else mpf(0)
            if abs(level - before) <= level * mpf("1e-6"):
                break
            before = level
        return [solution[j] for j in range(numerator + 1)], q, level

    last = len(x) - 1
    points, levels, q, best = [round(last * (2 * i + 1) / (2 * terms)) for i in range(terms)], None, None, None
    for _ in range(30):
        p, q, level = solve(points, levels, q)
        error = [wi * (fi - horner(p, xi) / horner(q, xi)) for xi, fi, wi in zip(x, f, w)]
        worst = max(abs(e) for e in error)
        if best is None or worst < best[2]:
            best = (p, q, worst)
        points = extrema(error, terms + 1)
        if points is None or worst <= level * mpf("1.001"):
            break
        levels = [(-1) ** row / w[i] for row, i in enumerate(points)]
    return best


def rounded(value, bits):
    if bits == 24:
        return mpf(float(np.float32(float(value))))
    return mpf(float(value))


def fitted(f, w, interval, count, bits):
    """`count` coefficients of a polynomial, and the weighted error they have once rounded."""
    x = grid(*interval, 30 * (count + 2))
    values, weights = [f(xi) for xi in x], [w(xi) for xi in x]
    c, _ = polynomial(x, values, weights, count)
    c = [rounded(v, bits) for v in c]
    return c, max(wi * abs(v - horner(c, xi)) for v, xi, wi in zip(values, x, weights))


def fitted_rational(f, w, interval, numerator, denominator, bits):
    x = grid(*interval, 30 * (numerator + denominator + 3) + 1)
    values, weights = [f(xi) for xi in x], [w(xi) for xi in x]
    p, q, _ = rational(x, values, weights, numerator, denominator)
    p, q = [rounded(c, bits) for c in p], [rounded(c, bits) for c in q]
    worst = max(wi * abs(v - horner(p, xi) / horner(q, xi)) for v, xi, wi in zip(values, x, weights))
    return p + q, worst


def parts(value, bits, last):
    """`value` as a sum of numbers of the given bits each, the rest in one number of `last` bits."""
    out, rest = [], mpf(value)
    for b in bits:
        scale = mpf(2) ** (b - 1 - int(mp.floor(mp.log(abs(rest), 2))))
        part = mp.floor(rest * scale) / scale
        out.append(part)
        rest -= part
    return out + [rounded(rest, last)]


from minimax_tables import TABLES  # noqa: E402  (what to fit; needs the functions above)

HEADER = """// Generated by scripts/minimax.py: minimax coefficients, lowest power first. Do not edit.
// The weighted error of each fit is in units of 2^-24 (f32) or 2^-53 (f64); the weight is named in scripts/minimax_tables.py.
"""


# A table is in a module with every other of its file: those that few kernels need are in files of their own.
FILES = {
    "special-coefficients": ("GAMMA", "LGAMMA", "STIRLING", "DIGAMMA", "DIGAMMA_TAIL", "ATAN"),
    "normal-quantile-coefficients": ("NORMAL_CENTRAL", "NORMAL_TAIL"),
    "normal-gap-coefficients": ("NORMAL_GAP",),
}


def file_of(name):
    return next((file for file, names in FILES.items() if name in names), "coefficients")


def literal(value):
    return repr(float(value))


def write_twin():
    """The normal quantile's coefficients for its TypeScript twin."""
    lines = ["// Generated by scripts/minimax.py: the coefficients of assembly/math/normal-quantile.ts, lowest power first, P then Q. Do not edit.\n"]
    for name, table in (("normalCentral", "NORMAL_CENTRAL"), ("normalTail", "NORMAL_TAIL")):
        body = ",\n  ".join(literal(c) for c in TABLES[table](53)[0])
        lines.append(f"export const {name}: readonly number[] = [\n  {body},\n];\n")
    with open(os.path.join(ROOT, "reference/math/normal-quantile-coefficients.ts"), "w") as file:
        file.write("\n".join(lines))


def main():
    wanted = sys.argv[1:]
    files = {file: [HEADER] for file in ("coefficients", *FILES)}
    for name, make in TABLES.items():
        if wanted and name not in wanted:
            continue
        for bits, type_ in ((24, "f32"), (53, "f64")):
            coefficients, error, note = make(bits)
            scaled = "" if error is None else f", error {mp.nstr(error * mpf(2) ** bits, 2)}"
            print(name, type_, len(coefficients), scaled, file=sys.stderr)
            body = ",\n  ".join(literal(c) for c in coefficients)
            files[file_of(name)].append(f"/** {note}{scaled}. */\nexport const {name}{32 if bits == 24 else 64} = memory.data<{type_}>([\n  {body},\n]);\n")
    if not wanted:
        mp.prec = 1400
        words = [int(mp.floor(2 / +pi * mpf(2) ** (32 * (i + 1)))) & 0xFFFFFFFF for i in range(TWO_OVER_PI_WORDS)]
        body = ",\n  ".join(", ".join(f"0x{w:08x}" for w in row) for row in (([0, 0] + words)[i : i + 8] for i in range(0, len(words) + 2, 8)))
        files["coefficients"].append(f"/** The bits of 2 / π after 64 zeros, the high word first. */\nexport const TWO_OVER_PI = memory.data<u32>([\n  {body},\n]);\n")
    if not wanted:
        write_twin()
    for name, part in files.items():
        if wanted:
            print("\n".join(part))
        else:
            with open(os.path.join(ROOT, f"assembly/math/{name}.ts"), "w") as file:
                file.write("\n".join(part))


if __name__ == "__main__":
    main()
