/**
 * The largest error of the f32 kernels over all 2³² inputs, in units in the last place, against the f64 kernels.
 *
 *     node scripts/exhaustive-f32.mjs [function…]     (after a build; about a minute a function)
 */
import { readFileSync } from "node:fs";

const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(new URL("../build/kernels.wasm", import.meta.url))));
const block = 1 << 16;
const base = (exports.heapBase() + 15) & ~15;
const addresses = [base, base + 4 * block, base + 8 * block, base + 16 * block];
exports.memory.grow(Math.ceil((24 * block) / 65536) + 1);
const [x32, y32] = addresses.slice(0, 2).map((at) => new Float32Array(exports.memory.buffer, at, block));
const [x64, y64] = addresses.slice(2).map((at) => new Float64Array(exports.memory.buffer, at, block));
const bits = new Uint32Array(exports.memory.buffer, base, block);

const capital = (word) => word[0].toUpperCase() + word.slice(1);
const known = Object.keys(exports).flatMap((name) => /^elementwise(\w+)32$/.exec(name)?.[1] ?? []).map((name) => name[0].toLowerCase() + name.slice(1));

/** The distance between f32 numbers around a finite |y|. */
const spacing = (y) => Math.max(2 ** -149, 2 ** (Math.floor(Math.log2(Math.abs(y))) - 23));

function check(name) {
  const single = exports[`elementwise${capital(name)}32`];
  const double = exports[`elementwise${capital(name)}64`];
  let worst = 0, where = NaN, wrong = 0, example = NaN;
  for (let first = 0; first < 2 ** 32; first += block) {
    for (let i = 0; i < block; i++) bits[i] = first + i;
    for (let i = 0; i < block; i++) x64[i] = x32[i];
    single(block, addresses[0], addresses[1]);
    double(block, addresses[2], addresses[3]);
    for (let i = 0; i < block; i++) {
      const y = y32[i], truth = y64[i];
      if (Number.isFinite(y) && Math.abs(truth) < 2 ** 128) {
        const difference = Math.abs(y - truth);
        if (difference <= worst * Math.abs(truth) * 2 ** -24) continue; // certainly not more
        const error = difference / spacing(truth);
        if (error > worst) [worst, where] = [error, x32[i]];
      } else if (!Object.is(y, Math.fround(truth)) && !(Math.abs(truth) >= 2 ** 128 * (1 - 2 ** -24) && Math.abs(y) === Infinity)) {
        wrong++;
        example = x32[i];
      }
    }
  }
  console.log(`${name}: at most ${worst.toFixed(4)} ulp, at ${where}${wrong ? `; ${wrong} special values wrong, such as ${example}` : ""}`);
}

for (const name of process.argv.length > 2 ? process.argv.slice(2) : known) check(name);
