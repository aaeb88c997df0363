import { describe, expect, it } from "vitest";
import { flow } from "../../examples/gradient-flow/flow.ts";
import { picture } from "../../examples/gradient-flow/picture.ts";
import { shapes } from "../../examples/gradient-flow/shapes.ts";
import { key } from "../../src/index.ts";

describe("the gradient flow", () => {
  it("arrives: the divergence falls at every step, and every target point is reached", () => {
    const [from, to] = [shapes["disc"]!(60, key(1)), shapes["corners"]!(60, key(2))];
    const frames = [...flow({ from, to, regularization: 0.01, steps: 30 })];
    expect(frames).toHaveLength(31);
    expect(frames[0]!.points).toEqual(from);
    for (let k = 1; k < frames.length; k++) expect(frames[k]!.divergence).toBeLessThan(frames[k - 1]!.divergence);
    expect(frames.at(-1)!.divergence).toBeLessThan(0.01 * frames[0]!.divergence);
    const { points } = frames.at(-1)!;
    for (let j = 0; j < 60; j++) {
      const nearest = Math.min(...Array.from({ length: 60 }, (_, i) => Math.hypot(points[2 * i]! - to[2 * j]!, points[2 * i + 1]! - to[2 * j + 1]!)));
      expect(nearest).toBeLessThan(0.15);
    }
  });

  it("draws its frames with the target behind", () => {
    const [from, to] = [shapes["spiral"]!(30, key(1)), shapes["nabla"]!(30, key(2))];
    const frames = [...flow({ from, to, regularization: 0.05, steps: 4 })];
    const svg = picture(frames, to);
    expect(svg).toMatch(/^<svg[\s\S]*step 4, divergence[\s\S]*<\/svg>$/);
    expect(svg.match(/<circle/g)).toHaveLength(2 * 30 * 5);
    expect(svg).not.toContain("NaN");
  });
});
