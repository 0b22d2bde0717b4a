import type { ViteUserConfig } from 'vitest/config'
import { shared } from '../../vitest.shared.ts'

const config: ViteUserConfig = {
  ...shared,
  test: { ...shared.test, setupFiles: ['test/support/property-runs.ts'], execArgv: ['--expose-gc'] },
}
export default config
