"""The workloads of bench/ in numpy, and in scipy and torch (on one thread) where they can be imported.

Reads a question a line and answers with a line: {"name"} -> the peers that know the case; {"name", "peer"} -> nanoseconds an element.
The workloads are named as the cases are. Needs numpy ("python3-numpy" on Debian).
"""
import json
import os
import sys
import time


for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"
import numpy as np

try:
    import torch
    torch.set_num_threads(1)
except ImportError:
    torch = None

try:
    import scipy
    from scipy.optimize import linear_sum_assignment
except ImportError:
    scipy = None

import sinkhorn

draw = np.random.default_rng(1)
DRAWS = 65536


def log_sum_exp(x):
    top = x.max(axis=1, keepdims=True)
    return np.log(np.exp(x - top).sum(axis=1)) + top[:, 0]


def flips(rows, dim, dtype):
    probs = (1 / (1 + np.exp(-2 * np.sin(np.arange(dim) ** 2)))).astype(dtype)
    return lambda: (draw.random((rows, dim), dtype=np.float32) < probs).astype(dtype)


def score_function(rows, dim, dtype):
    """Leave-one-out: the gradient and its standard error, f reads the first coordinate."""
    probs = (1 / (1 + np.exp(-2 * np.sin(np.arange(dim) ** 2)))).astype(dtype)

    def run():
        x = (draw.random((rows, dim), dtype=np.float32) < probs).astype(dtype)
        value = (x[:, 0] - dtype(0.45)) ** 2
        coefficient = (value - value.mean()) * dtype(rows / (rows - 1))
        terms = coefficient[:, None] * (x - probs)
        return terms.mean(axis=0), terms.std(axis=0, ddof=1) / np.sqrt(rows)
    return run


def softmax_there_and_back(rows, width, dtype, temperature=0.5):
    logits = (2 * np.sin(np.arange(width) ** 2)).astype(dtype)
    g = np.full((rows, width), 0.5, dtype)

    def run():
        z = (logits + draw.gumbel(size=(rows, width)).astype(dtype)) / dtype(temperature)
        y = np.exp(z - z.max(axis=1, keepdims=True))
        y /= y.sum(axis=1, keepdims=True)
        return y * (g - (g * y).sum(axis=1, keepdims=True)) / dtype(temperature)
    return run


def many_choices(categories):
    logits = 2 * np.sin(np.arange(categories) ** 2)
    cumulative = np.cumsum(np.exp(logits) / np.exp(logits).sum())
    return lambda: np.searchsorted(cumulative, draw.random(100000))


def rows_of_choices(categories, dtype):
    rows = 100000 // categories
    logits = (2 * np.sin(np.arange(rows * categories) ** 2.0)).reshape(rows, categories).astype(dtype)
    return lambda: (logits + draw.gumbel(size=logits.shape).astype(dtype)).argmax(axis=1)


def gaussians(rows, dim, dtype):
    tril = np.tril(np.full((dim, dim), 0.1) + np.eye(dim)).astype(dtype)
    return lambda: draw.standard_normal((rows, dim), dtype=dtype) @ tril.T


def counts(bits, dtype):
    """The workloads of bench/distributions-counts.ts: 4096 rows of 16 columns, a parameter each."""
    i, shape = np.arange(16), (4096, 16)
    logit = 2 * np.sin(np.arange(10) ** 2)
    probs = np.exp(logit) / np.exp(logit).sum()
    odds = 20 / (1.5 + 0.25 * i)
    pmf = 0.04 + 0.024 * i
    return {
        f"poisson of 0.5 to 8 sample {bits}": (65536, lambda: draw.poisson(0.5 + 0.5 * i, shape).astype(dtype)),
        f"poisson of 20 to 2000 sample {bits}": (65536, lambda: draw.poisson(20 * 1.36 ** i, shape).astype(dtype)),
        f"binomial of 20 trials sample {bits}": (65536, lambda: draw.binomial(20, pmf, shape).astype(dtype)),
        f"binomial of 1000 trials sample {bits}": (65536, lambda: draw.binomial(1000, pmf, shape).astype(dtype)),
        f"geometric sample {bits}": (65536, lambda: draw.geometric(pmf, shape).astype(dtype)),
        f"negativeBinomial of mean 20 sample {bits}": (65536, lambda: draw.negative_binomial(1.5 + 0.25 * i, 1 / (1 + odds), shape).astype(dtype)),
        f"multinomial 10 of 100 trials sample {bits}": (40960, lambda: draw.multinomial(100, probs, 4096).astype(dtype)),
        f"plackettLuce 10 sample {bits}": (40960, lambda: (-(logit + draw.gumbel(size=(4096, 10)))).argsort(axis=1).astype(dtype)),
    }


def numpy_cases():
    cases = {"words of a stream": (DRAWS, lambda: draw.integers(0, 2**32, DRAWS, dtype=np.uint32))}
    for bits, dtype in (("f32", np.float32), ("f64", np.float64)):
        table = (np.sin(np.arange(4096)) * 5).reshape(-1, 32).astype(dtype)
        cases.update(counts(bits, dtype))
        cases.update({
            f"uniform sample {bits}": (DRAWS, lambda t=dtype: draw.random(DRAWS, dtype=t)),
            f"normal sample {bits}": (DRAWS, lambda t=dtype: draw.standard_normal(DRAWS, dtype=t)),
            f"exponential sample {bits}": (DRAWS, lambda t=dtype: draw.standard_exponential(DRAWS, dtype=t)),
            f"gumbel sample {bits}": (DRAWS, (lambda: -np.log(draw.standard_exponential(DRAWS, dtype=np.float32))) if bits == "f32" else lambda: draw.gumbel(size=DRAWS)),
            f"gamma 2.5 sample {bits}": (DRAWS, lambda t=dtype: draw.standard_gamma(2.5, DRAWS, dtype=t)),
            f"gamma 0.5 sample {bits}": (DRAWS, lambda t=dtype: draw.standard_gamma(0.5, DRAWS, dtype=t)),
            f"beta sample {bits}": (DRAWS, lambda: draw.beta(2.5, 1.5, DRAWS)),
            f"dirichlet of 16 sample {bits}": (DRAWS, lambda: draw.dirichlet([2.5] * 16, DRAWS // 16)),
            f"studentT sample {bits}": (DRAWS, lambda: draw.standard_t(5, DRAWS)),
            f"vonMises sample {bits}": (DRAWS, lambda: draw.vonmises(0, 2, DRAWS)),
            f"bernoulli sample {bits}": (256000, flips(1000, 256, dtype)),
            f"categorical many draws of 10 {bits}": (100000, many_choices(10)),
            f"categorical many draws of 1000 {bits}": (100000, many_choices(1000)),
            f"categorical rows of 10 {bits}": (10000, rows_of_choices(10, dtype)),
            f"categorical rows of 1000 {bits}": (100, rows_of_choices(1000, dtype)),
            f"Gumbel-softmax forward and back 32 {bits}": (320000, softmax_there_and_back(10000, 32, dtype)),
            f"logSumExp of rows of 32 {bits}": (4096, lambda x=table: log_sum_exp(x)),
            f"multivariateNormal 16 sample {bits}": (65536, gaussians(4096, 16, dtype)),
            f"score function of 256 flips, leave-one-out {bits}": (256000, score_function(1000, 256, dtype)),
        })
    return cases


def torch_cases():
    cases = {}
    for bits, dtype in (("f32", torch.float32), ("f64", torch.float64)):
        out = torch.empty(DRAWS, dtype=dtype)
        table = torch.sin(torch.arange(4096, dtype=dtype)).reshape(-1, 32) * 5
        flip = torch.sigmoid(2 * torch.sin(torch.arange(256, dtype=dtype) ** 2)).expand(1000, 256).contiguous()
        cases.update({
            f"uniform sample {bits}": (DRAWS, lambda o=out: o.uniform_()),
            f"normal sample {bits}": (DRAWS, lambda o=out: o.normal_()),
            f"exponential sample {bits}": (DRAWS, lambda o=out: o.exponential_()),
            f"gumbel sample {bits}": (DRAWS, lambda o=out: o.exponential_().log_().neg_()),
            f"gamma 2.5 sample {bits}": (DRAWS, lambda a=torch.full((DRAWS,), 2.5, dtype=dtype): torch._standard_gamma(a)),
            f"gamma 0.5 sample {bits}": (DRAWS, lambda a=torch.full((DRAWS,), 0.5, dtype=dtype): torch._standard_gamma(a)),
            f"bernoulli sample {bits}": (256000, lambda p=flip: torch.bernoulli(p)),
            f"logSumExp of rows of 32 {bits}": (4096, lambda x=table: torch.logsumexp(x, 1)),
        })
    return cases


def scipy_cases():
    cases = {}
    for name, n, batch in (("", 10, 1), (", 100 side by side", 10, 100), ("", 100, 1), ("", 1000, 1)):
        i = np.arange(batch * n * n, dtype=np.float64)
        costs = (np.abs(np.sin(i * i + i)) * 0.999).reshape(batch, n, n)
        cases[f"matching of {n}{name}"] = (batch * n * n, lambda c=costs: [linear_sum_assignment(one) for one in c])
    return cases


PEERS = {"numpy": {**numpy_cases(), **sinkhorn.numpy_cases()}}
PEERS["numpy, without a stop"] = sinkhorn.numpy_cases(stops=False)
if scipy is not None:
    PEERS["scipy"] = scipy_cases()
if torch is not None:
    PEERS["torch"] = {**torch_cases(), **sinkhorn.torch_cases(torch)}
if sinkhorn.pot is not None:
    PEERS["pot"] = sinkhorn.pot_cases()


def nanoseconds(elements, run, seconds=0.02):
    """The median of the runs that fit in `seconds`, three at least, by the time that this thread computed."""
    times, end = [], time.thread_time() + seconds
    while len(times) < 3 or time.thread_time() < end:
        start = time.thread_time()
        run()
        times.append(time.thread_time() - start)
    return float(np.median(times)) * 1e9 / elements


if "--versions" in sys.argv:
    others = {"torch": torch, "scipy": scipy, "pot": sinkhorn.pot}
    print(json.dumps({"numpy": np.__version__, **{name: peer.__version__ for name, peer in others.items() if peer is not None}}))
else:
    for line in sys.stdin:
        question = json.loads(line)
        if "peer" in question:
            print(json.dumps(nanoseconds(*PEERS[question["peer"]][question["name"]])), flush=True)
        else:
            print(json.dumps([peer for peer, cases in PEERS.items() if question["name"] in cases]), flush=True)
