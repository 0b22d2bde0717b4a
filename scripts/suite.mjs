// Runs every package's tests and counts what their reports say.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runTurbo } from './turbo.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Counts checks, each with a line of its own; `summary` is what CI reads. */
export class Count {
  #passed = 0
  #failed = 0

  /** @param {boolean} ok @param {string} what */
  check(ok, what) {
    this.add(ok ? 1 : 0, ok ? 0 : 1, what)
  }

  /** @param {number} passed @param {number} failed @param {string} what */
  add(passed, failed, what) {
    this.#passed += passed
    this.#failed += failed
    process.stdout.write(`${failed === 0 ? 'ok    ' : 'FAILED'}  ${what}\n`)
  }

  get ok() {
    return this.#failed === 0
  }

  get summary() {
    return `${this.#passed} passed, ${this.#failed} failed`
  }
}

/** @returns {string[]} the folders of the workspace's packages, relative to the root */
function workspaceFolders() {
  return ['packages', 'apps', 'examples', 'tests'].flatMap((group) =>
    readdirSync(`${root}/${group}`)
      .map((name) => `${group}/${name}`)
      .filter((folder) => existsSync(`${root}/${folder}/package.json`)),
  )
}

/**
 * Runs the tests of the whole workspace.
 *
 * @param {Count} count
 * @param {{ on?: string, env?: NodeJS.ProcessEnv }} options on what else than this Node, and the variables for it
 */
export async function runSuite(count, { on, env = {} } = {}) {
  const where = on ? ` on ${on}` : ''
  // A report that is left over must not be taken for a new one; turbo brings back those of tests that need not run.
  for (const folder of workspaceFolders())
    rmSync(`${root}/${folder}/test-results`, { recursive: true, force: true })

  // Two at a time: each of them uses several processes of its own.
  const ran = await runTurbo(['test', '--continue', '--concurrency=2'], { show: true, env })

  let reports = 0
  for (const folder of workspaceFolders()) {
    const file = `${root}/${folder}/test-results/vitest.json`
    if (!existsSync(file)) {
      if (JSON.parse(readFileSync(`${root}/${folder}/package.json`, 'utf8')).scripts?.test)
        count.check(false, `${folder}${where}: no report`)
      continue
    }
    reports += 1
    const report = JSON.parse(readFileSync(file, 'utf8'))
    const skipped = report.numPendingTests > 0 ? `, ${report.numPendingTests} skipped` : ''
    // A file that cannot even be loaded has no tests that could fail.
    const failed = report.success ? 0 : Math.max(1, report.numFailedTests)
    count.add(report.numPassedTests, failed, `${folder}${where}: ${report.numPassedTests} passed${skipped}`)
  }
  if (!ran && count.ok) count.check(false, `the tests could not be run${where}`)
  if (reports === 0) count.check(false, `there are no test reports${where}`)
}
