import { describe, expect, it } from "vitest";
import { chart } from "../../examples/sort-numbers/chart.ts";
import { lists, placesOf, start } from "../../examples/sort-numbers/model.ts";
import { train } from "../../examples/sort-numbers/train.ts";
import { key } from "../../src/index.ts";

describe("learning to sort", () => {
  it("sorts lists it has never seen, after a hundred steps", async () => {
    const seen: number[] = [];
    const result = await train({ n: 5, steps: 100, key: key(1), tests: 200, onStep: (step) => void seen.push(step) });
    expect(seen).toEqual(result.losses.map((_, i) => i + 1));
    expect(result.losses.at(-1)!).toBeLessThan(0.2 * result.losses[0]!);
    expect(result.anyWrong).toBe(0);
    expect(result.wrong).toBe(0);
    const svg = chart([result]);
    expect(svg).toMatch(/^<svg[\s\S]*n = 5: 0\.0 % of lists wrong[\s\S]*<\/svg>$/);
    expect(svg).not.toMatch(/NaN|undefined/);
  });

  it("does not know how before it has learned", () => {
    const { numbers, sorted } = lists(5, 100, key(2));
    const places = placesOf(5, start(5, key(3)), numbers);
    const right = Array.from(places).filter((place, i) => sorted[5 * Math.floor(i / 5) + place] === numbers[i]).length;
    expect(right).toBeLessThan(350);
    for (let list = 0; list < 100; list++) expect([...places.subarray(5 * list, 5 * list + 5)].toSorted()).toEqual([0, 1, 2, 3, 4]);
  });
});
