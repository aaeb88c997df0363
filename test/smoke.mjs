// What a first user does, after `npm install gradex` in an empty folder.
import { createRequire } from "node:module";
import { batched, bernoulli, disarm, expectation, gradient, key } from "gradex";

const f = batched((x, value) => {
  for (let i = 0; i < value.length; i++) value[i] = (x[i] - 0.45) ** 2;
});
const grad = gradient(expectation(bernoulli(1), f), disarm(), { samples: 64 });
const logits = Float64Array.of(0);
for (let step = 0; step < 200; step++) logits[0] -= 0.5 * grad.estimate({ logits }, key(1).fold(step)).gradient.logits[0];
grad.dispose();

if (!(logits[0] < -1)) throw new Error(`the flip was not learned: ${logits[0]}`);
if (createRequire(import.meta.url)("gradex").key(1).low !== key(1).low) throw new Error("required and imported packages differ");
console.log(`gradex runs on Node ${process.versions.node}: logits ${logits[0]}`);
