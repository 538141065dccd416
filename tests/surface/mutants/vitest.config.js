import { defineConfig } from "vitest/config";

// Tests that read the source instead of running it would read the faults, too.
export default defineConfig({ test: { include: ["tests/surface/**/*.test.js"], exclude: ["tests/surface/{rooms,source}.test.js"] } });
