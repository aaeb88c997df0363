"""Sinkhorn's iteration in numpy, torch and POT: products of exp(-cost / 0.1), which is there already; POT makes it with each call.

The costs and the counts of iterations are those of bench/transport.ts. The kernel asks before each iteration whether it may stop, so numpy does too;
"numpy, without a stop" is its products and divisions alone. "python3-torch" and "python3-pot" on Debian.
"""
import math
import warnings

import numpy as np

try:
    import ot as pot
except ImportError:
    pot = None

SIZES = ((64, 32), (8, 128), (1, 1024))


def name(batch, n, bits):
    return f"sinkhorn {batch} \u00d7 {n}\u00b2 {bits}"


def iterations(batch, n):
    return max(4, math.ceil(1e6 / (batch * n * n)))


def costs(batch, n, dtype):
    k = np.arange(batch * n * n, dtype=np.float64)
    return (0.5 + 0.5 * np.sin(k * k)).astype(dtype).reshape(batch, n, n)


def numpy_case(batch, n, dtype, stops=True):
    """As fast as it gets: into arrays that are there, and over K itself for both products, except where a transposed copy is faster."""
    kernel = np.exp(-10 * costs(batch, n, dtype))
    transposed = kernel.transpose(0, 2, 1)
    if n < 64 and dtype == np.float64:
        transposed = np.ascontiguousarray(transposed)
    mass, count = np.full((batch, n, 1), 1 / n, dtype), iterations(batch, n)
    u, v, sums, missing = (np.zeros_like(mass) for _ in range(4))
    ones = np.ones(n, dtype)

    def error():
        """The largest, over problems, of what rows miss of their marginals: what the kernel asks before each iteration."""
        np.multiply(u, sums, out=missing)
        np.subtract(missing, mass, out=missing)
        np.abs(missing, out=missing)
        return (missing[:, :, 0] @ ones).max()

    def run():
        u.fill(0)
        v.fill(1)
        for _ in range(count):
            np.matmul(kernel, v, out=sums)
            last = stops and error() <= -1
            np.divide(mass, sums, out=u)
            np.matmul(transposed, u, out=sums)
            np.divide(mass, sums, out=v)
            if last:
                break
        return v
    return batch * n * n * count, run


def torch_case(torch, batch, n, dtype):
    kernel = torch.from_numpy(np.exp(-10 * costs(batch, n, np.float64))).to(dtype)
    transposed = kernel.transpose(1, 2).contiguous()
    mass, count = torch.full((batch, n, 1), 1 / n, dtype=dtype), iterations(batch, n)

    def run():
        with torch.no_grad():
            v = torch.ones_like(mass)
            for _ in range(count):
                u = mass / torch.bmm(kernel, v)
                v = mass / torch.bmm(transposed, u)
        return v
    return batch * n * n * count, run


def pot_case(batch, n, dtype):
    cost, mass, count = costs(batch, n, dtype), np.full(n, 1 / n, dtype), iterations(batch, n)

    def run():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return [pot.bregman.sinkhorn_knopp(mass, mass, each, 0.1, numItermax=count, stopThr=0) for each in cost]
    return batch * n * n * count, run


def numpy_cases(stops=True):
    return {name(b, n, bits): numpy_case(b, n, dtype, stops) for b, n in SIZES for bits, dtype in (("f32", np.float32), ("f64", np.float64))}


def torch_cases(torch):
    return {name(b, n, bits): torch_case(torch, b, n, dtype) for b, n in SIZES for bits, dtype in (("f32", torch.float32), ("f64", torch.float64))}


def pot_cases():
    return {name(b, n, bits): pot_case(b, n, dtype) for b, n in SIZES for bits, dtype in (("f32", np.float32), ("f64", np.float64))}
