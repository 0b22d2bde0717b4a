// `npx pnpm@12 test`: style, types, build and every test, and a last line that sums them up.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import './require-node.mjs'
import { runTurbo } from './turbo.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const counts = { passed: 0, failed: 0 }

/** @param {boolean} ok @param {string} what */
function count(ok, what) {
  counts[ok ? 'passed' : 'failed'] += 1
  process.stdout.write(`${ok ? 'ok    ' : 'FAILED'}  ${what}\n`)
}

/** @returns {string[]} the folders of the workspace's packages, relative to the root */
function workspaceFolders() {
  return ['packages', 'apps', 'examples', 'tests'].flatMap((group) =>
    readdirSync(`${root}/${group}`)
      .map((name) => `${group}/${name}`)
      .filter((folder) => existsSync(`${root}/${folder}/package.json`)),
  )
}

// A report that is left over must not be taken for a new one; turbo brings back those of tests that need not run.
for (const folder of workspaceFolders())
  rmSync(`${root}/${folder}/test-results`, { recursive: true, force: true })

count(await runTurbo(['lint']), 'style')
count(await runTurbo(['unused']), 'nothing unused')
count(await runTurbo(['typecheck', 'build']), 'types and build')

// Two at a time: each of them uses several processes of its own.
const ran = await runTurbo(['test', '--continue', '--concurrency=2'], { show: true })

let reports = 0
for (const folder of workspaceFolders()) {
  const file = `${root}/${folder}/test-results/vitest.json`
  if (!existsSync(file)) {
    if (JSON.parse(readFileSync(`${root}/${folder}/package.json`, 'utf8')).scripts?.test)
      count(false, `${folder}: no report`)
    continue
  }
  reports += 1
  const { numPassedTests, numFailedTests, numPendingTests, success } = JSON.parse(readFileSync(file, 'utf8'))
  counts.passed += numPassedTests
  // A file that cannot even be loaded has no tests that could fail.
  counts.failed += success ? 0 : Math.max(1, numFailedTests)
  const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : ''
  process.stdout.write(`${success ? 'ok    ' : 'FAILED'}  ${folder}: ${numPassedTests} passed${skipped}\n`)
}
if (!ran && counts.failed === 0) count(false, 'the tests could not be run')
if (reports === 0) count(false, 'there are no test reports')

process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`)
process.exitCode = counts.failed === 0 ? 0 : 1
