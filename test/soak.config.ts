import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What takes real minutes and is no part of `npm test`: `npm run soak`, SOAK_MINUTES of idling each (10 unless told). */
export default defineConfig({
  root,
  test: {
    name: 'soak',
    include: ['test/soak/**/*.test.ts'],
    globalSetup: ['test/support/temp.ts', 'test/support/browsers.ts'],
    testTimeout: (Number(process.env.SOAK_MINUTES ?? 10) + 3) * 60_000,
    hookTimeout: 120_000,
    fileParallelism: true,
  },
});
