/** Position, velocity, angle and angular velocity of a pole on a cart. */
export type State = readonly [position: number, velocity: number, angle: number, turning: number];

/** A pole is up while the cart is on its track and the pole within 12 degrees. */
const TRACK = 2.4;
const TILT = (12 * Math.PI) / 180;
/** Steps of an episode at most. */
export const STEPS = 200;
/** The strongest push, in newtons. */
export const PUSH = 10;

/** A start: each number uniform in ±0.05, from numbers in [0, 1). */
export function start(numbers: readonly number[]): State {
  return numbers.map((x) => (2 * x - 1) * 0.05) as unknown as State;
}

/**
 * A fiftieth of a second under a push: Barto, Sutton & Anderson 1983, by Euler's rule, without friction.
 *
 * @param force  in newtons, to the right
 */
export function step([position, velocity, angle, turning]: State, force: number): State {
  const [gravity, cart, pole, half, seconds] = [9.8, 1, 0.1, 0.5, 0.02];
  const total = cart + pole;
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const push = (force + pole * half * turning * turning * sine) / total;
  const spin = (gravity * sine - cosine * push) / (half * (4 / 3 - (pole * cosine * cosine) / total));
  const acceleration = push - (pole * half * spin * cosine) / total;
  return [position + seconds * velocity, velocity + seconds * acceleration, angle + seconds * turning, turning + seconds * spin];
}

export const up = ([position, , angle]: State): boolean => Math.abs(position) <= TRACK && Math.abs(angle) <= TILT;
