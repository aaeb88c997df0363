import type { Decision } from "./policy.ts";
import type { Server } from "./serve.ts";
import { visitor } from "./visitors.ts";

/** Mean probabilities of reading on, over some visitors: as the policy chose, by chance, and with their taste known. */
export interface Rates {
  readonly policy: number;
  readonly random: number;
  readonly best: number;
}

export interface Point extends Rates {
  readonly visitors: number;
}

export interface Run {
  /** Over stretches of a hundred visitors. */
  readonly points: readonly Point[];
  /** Over the last fifth. */
  readonly late: Rates;
  /** Rewards that came too late. */
  readonly lost: number;
}

export interface Setting {
  readonly seed: number;
  readonly visitors: number;
  /** The first visitor's number; 0 unless given. */
  readonly first?: number;
  readonly onVisitor?: (seen: number, rate: number) => void;
}

/** One visitor after the other: a request for a headline, and one with what became of it. */
export async function simulate(server: Pick<Server, "post">, { seed, visitors, first = 0, onVisitor }: Setting): Promise<Run> {
  const rates: Rates[] = [];
  let lost = 0;
  for (let i = first; i < first + visitors; i++) {
    const { features, taste, reads } = visitor(seed, i);
    const decision = (await server.post("/choose", { visitor: features })) as Decision;
    const { counted } = (await server.post("/reward", { visitor: features, decision, reward: reads(decision.headline) ? 1 : 0 })) as { counted: boolean };
    if (!counted) lost++;
    rates.push({ policy: taste[decision.headline]!, random: taste.reduce((a, b) => a + b) / taste.length, best: Math.max(...taste) });
    onVisitor?.(rates.length, mean(rates.slice(-500)).policy);
  }
  const points = Array.from({ length: Math.floor(rates.length / 100) }, (_, i) => ({ visitors: 100 * (i + 1), ...mean(rates.slice(100 * i, 100 * (i + 1))) }));
  return { points, late: mean(rates.slice(-Math.ceil(rates.length / 5))), lost };
}

function mean(rates: readonly Rates[]): Rates {
  const of = (name: keyof Rates): number => rates.reduce((sum, rate) => sum + rate[name] / rates.length, 0);
  return { policy: of("policy"), random: of("random"), best: of("best") };
}
