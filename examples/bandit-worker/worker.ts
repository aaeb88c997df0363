import { type Checkpoint, type Decision, FEATURES, type Policy, policy } from "./policy.ts";

/** What the example uses of the platform's types. */
interface Storage {
  get<V>(key: string): Promise<V | undefined>;
  put(key: string, value: unknown): Promise<void>;
}
interface Stub {
  fetch(request: Request): Promise<Response>;
}
interface Environment {
  readonly BANDIT: { idFromName(name: string): unknown; get(id: unknown): Stub };
}

interface Asked {
  readonly visitor: readonly number[];
  readonly decision?: Decision;
  readonly reward?: number;
}

/**
 * One experiment: a single object, one request at a time, so that its policy has one history. It is saved after every generation of rewards,
 * and taken up again from there when the platform starts the object anew.
 */
export class Bandit {
  readonly #storage: Storage;
  #policy: Policy | undefined;
  #saved = 0;

  constructor({ storage }: { readonly storage: Storage }) {
    this.#storage = storage;
  }

  async fetch(request: Request): Promise<Response> {
    const own = (this.#policy ??= policy(1, await this.#storage.get<Checkpoint>("policy")));
    const { pathname } = new URL(request.url);
    if (pathname === "/checkpoint") return Response.json(own.checkpoint());
    const { visitor, decision, reward } = (await request.json()) as Asked;
    if (!Array.isArray(visitor) || visitor.length !== FEATURES || !visitor.every(Number.isFinite)) return refused(`visitor: ${FEATURES} finite numbers`);
    const seen = Float64Array.from(visitor);
    if (pathname === "/choose") return Response.json(own.choose(seen));
    if (decision === undefined || typeof reward !== "number" || !Number.isFinite(reward)) return refused("decision and reward, as /choose gave it and as it turned out");
    const counted = own.reward(decision, seen, reward);
    const { generation } = own.checkpoint();
    if (generation > this.#saved) await this.#storage.put("policy", own.checkpoint());
    this.#saved = generation;
    return Response.json({ counted });
  }
}

const refused = (expected: string): Response => Response.json({ error: `Expected ${expected}.` }, { status: 400 });

export default {
  fetch: (request: Request, { BANDIT }: Environment): Promise<Response> => BANDIT.get(BANDIT.idFromName("front page")).fetch(request),
};
