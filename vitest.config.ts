import { defineConfig } from "vitest/config";

/** `npm test` runs all but test/slow/, `npm run test:slow` the rest. */
export default defineConfig(({ mode }) => ({
  test: {
    include: mode === "slow" ? ["test/slow/**/*.test.ts"] : ["test/**/*.test.ts"],
    exclude: mode === "slow" ? [] : ["test/slow/**", "**/node_modules/**"],
    testTimeout: mode === "slow" ? 600_000 : 60_000,
  },
}));
