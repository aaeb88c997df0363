/** A picture as rows of red, green, blue, alpha from 0 to 255. */
export interface Picture {
  readonly side: number;
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
}

/** An evening by the sea: sky, sun, clouds, hills, and what the water makes of them. No two parts are alike. */
export function scene(side: number): Picture {
  const pixels = new Uint8ClampedArray(4 * side * side);
  for (let row = 0, at = 0; row < side; row++) {
    for (let column = 0; column < side; column++, at += 4) {
      const [red, green, blue] = colour(column / side, row / side);
      pixels.set([red, green, blue, 255], at);
    }
  }
  return { side, pixels };
}

type Colour = readonly [number, number, number];
const mix = (a: Colour, b: Colour, t: number): Colour => [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]), a[2] + t * (b[2] - a[2])];
const SHORE = 0.62;

function colour(x: number, y: number): Colour {
  if (y < SHORE) return sky(x, y);
  const depth = (y - SHORE) / (1 - SHORE);
  const ripple = 0.02 * Math.sin(60 * depth * (1.4 - depth) + 5 * Math.sin(6 * x)) * (0.3 + depth);
  return mix(sky(x + ripple, SHORE - 0.8 * (y - SHORE)), mix([18, 60, 92], [6, 22, 52], depth), 0.42 + 0.3 * depth);
}

function sky(x: number, y: number): Colour {
  const hill = 0.5 + 0.07 * Math.sin(7 * x + 1) + 0.05 * Math.sin(17 * x);
  if (y > hill) return mix([46, 84, 58], [16, 40, 44], Math.min(1, 8 * (y - hill)) * (0.5 + 0.5 * Math.sin(5 * x)));
  const air = mix(mix([38, 50, 120], [250, 150, 90], y / 0.55), [250, 90, 120], 0.35 * (1 + Math.sin(4 * x - 1)) * (1 - y));
  const cloud = Math.max(0, Math.sin(9 * x + 3 * Math.sin(7 * y)) * Math.sin(13 * y + 2 * x)) ** 2;
  const sun = Math.hypot(x - 0.66, y - 0.33);
  if (sun < 0.11) return mix([255, 244, 190], [255, 205, 110], sun / 0.11);
  return mix(mix(air, [255, 225, 215], 0.65 * cloud), [255, 220, 150], 0.8 * Math.exp(-9 * (sun - 0.11)));
}
