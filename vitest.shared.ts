import { defaultServerConditions } from 'vite'
import type { ViteUserConfig } from 'vitest/config'

/**
 * What every package's tests have in common: they run from the sources of the whole workspace, through the
 * `@mudwire/source` export condition, so that no build stands between an edit and its test.
 */
const conditions = ['@mudwire/source', ...defaultServerConditions]

// `test:nodes` says on which Node it means to be; to run on another without a word would make it worthless.
const expected = process.env.TEST_NODE ?? process.versions.node
if (expected !== process.versions.node) {
  throw new Error(`The tests should run on Node ${expected}, and run on ${process.versions.node}.`)
}

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
