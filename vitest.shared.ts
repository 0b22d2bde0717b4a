import { defaultServerConditions } from 'vite'
import type { ViteUserConfig } from 'vitest/config'

/**
 * What every package's tests have in common: they run from the sources of the whole workspace, through the
 * `@mudwire/source` export condition, so that no build stands between an edit and its test.
 */
const conditions = ['@mudwire/source', ...defaultServerConditions]

export const shared: ViteUserConfig = {
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', 'json'],
    outputFile: { json: 'test-results/vitest.json' },
    testTimeout: 30_000,
  },
}
