"""
Writes src/noise/direction-numbers.ts: primitive polynomials and initial direction numbers of Sobol' points by Joe & Kuo 2008.

Usage: python3 scripts/direction_numbers.py new-joe-kuo-6.21201
(the table of that name at https://web.maths.unsw.edu.au/~fkuo/sobol/: lines of d, s, a, m_1 … m_s).

Packed as bits, most significant first, six to a character of base64: for each dimension from the second on, the degree s in 4 bits, the s − 1
inner coefficients of the polynomial, and of each mₖ, which is odd and below 2ᵏ, its k − 1 bits above the last. Dimension 1 is van der Corput's.
"""

import pathlib
import sys

DIMENSIONS = 256
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def packed(lines):
    bits = ""
    for line in lines[1:DIMENSIONS]:
        _, degree, inner, *numbers = map(int, line.split())
        assert len(numbers) == degree and all(m % 2 == 1 and m < 2**k for k, m in enumerate(numbers, 1))
        bits += f"{degree:04b}" + (f"{inner:0{degree - 1}b}" if degree > 1 else "")
        bits += "".join(f"{m >> 1:0{k - 1}b}" for k, m in enumerate(numbers, 1) if k > 1)
    bits += "0" * (-len(bits) % 24)
    return "".join(ALPHABET[int(bits[i : i + 6], 2)] for i in range(0, len(bits), 6))


text = packed(pathlib.Path(sys.argv[1]).read_text().splitlines())
root = pathlib.Path(__file__).resolve().parent.parent
lines = [text[i : i + 140] for i in range(0, len(text), 140)]
body = " +\n".join(f'  "{line}"' for line in lines)
(root / "src/noise/direction-numbers.ts").write_text(
    "// Written by scripts/direction_numbers.py, where the packing is explained. Do not edit.\n\n"
    f"export const DIMENSIONS = {DIMENSIONS};\n\n"
    f"/** Direction numbers of Joe & Kuo 2008, dimensions 2 to {DIMENSIONS}. */\n"
    f"export const packed: string =\n{body};\n"
)
