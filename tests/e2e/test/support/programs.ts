import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * Where a program of the system is. Without it a test is skipped on a user's machine, with a line that says how to get
 * it; in CI it is a failure.
 */
export function findProgram(name: string): string | undefined {
  // Debian keeps MUD clients where root's PATH does not lead.
  const found = [...(process.env.PATH ?? '').split(delimiter), '/usr/games']
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path))
  if (found) return found
  const hint = `'${name}' is not installed; scripts/install-test-programs.sh installs it.`
  if (process.env.CI) throw new Error(hint)
  process.stderr.write(`Skipped: ${hint}\n`)
  return undefined
}
