import { key } from "gradex";
import { type Picture, scene } from "./image.ts";
import { solve } from "./solve.ts";
import { cornerOf, tilesOf } from "./tiles.ts";

const ACROSS = 4;
const STEPS = 250;
const picture = scene(ACROSS * 80);

const canvas = (id: string) => (document.getElementById(id) as HTMLCanvasElement).getContext("2d")!;
const said = document.getElementById("said")!;
const bar = document.getElementById("bar") as HTMLProgressElement;
const button = document.getElementById("again") as HTMLButtonElement;

/** The picture's tiles, each in the place it has in this order. */
function draw(onto: CanvasRenderingContext2D, { side, pixels }: Picture, order: readonly number[]): void {
  const image = new ImageData(pixels, side, side);
  const width = side / ACROSS;
  onto.fillStyle = "#fff";
  onto.fillRect(0, 0, side, side);
  order.forEach((tile, place) => {
    const [fromX, fromY] = cornerOf(tile, ACROSS, side);
    const [x, y] = cornerOf(place, ACROSS, side);
    const gap = tile === place ? 0 : 1;
    onto.putImageData(image, x - fromX, y - fromY, fromX + gap, fromY + gap, width - 2 * gap, width - 2 * gap);
  });
}

function shuffled(seed: number): number[] {
  const order = Array.from({ length: ACROSS ** 2 }, (_, i) => i);
  key(seed).split(order.length).forEach(({ low }, i) => {
    const other = i + (low % (order.length - i));
    [order[i], order[other]] = [order[other]!, order[i]!];
  });
  return order;
}

const frame = (): Promise<unknown> => new Promise(requestAnimationFrame);
let round = 0;

/** One jigsaw, a step a frame. */
async function play(): Promise<void> {
  button.disabled = true;
  const pile = shuffled(++round);
  document.body.dataset["state"] = "searching";
  draw(canvas("pile"), picture, pile);
  for (const { step, steps, order, badness, temperature } of solve(tilesOf(picture, ACROSS, pile), STEPS, key(round))) {
    const tiles = order.map((tile) => pile[tile]!);
    draw(canvas("table"), picture, tiles);
    bar.value = step / steps;
    const right = tiles.filter((tile, place) => tile === place).length;
    said.textContent = `Step ${step} of ${steps}, temperature ${temperature.toFixed(2)}: ${right} of ${tiles.length} tiles are right, badness ${badness.toFixed(3)}.`;
    document.body.dataset["right"] = String(right);
    await frame();
  }
  document.body.dataset["state"] = "done";
  button.disabled = false;
}

button.addEventListener("click", () => void play());
await play();
