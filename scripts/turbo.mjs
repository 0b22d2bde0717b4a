// Runs turbo for the other scripts: without telemetry, and quiet until something goes wrong.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const turbo = fileURLToPath(import.meta.resolve('turbo/bin/turbo'))

/**
 * Runs turbo in the root of the workspace and resolves with whether it succeeded.
 *
 * @param {string[]} args
 * @param {{ show?: boolean, env?: NodeJS.ProcessEnv }} options show: print what it prints as it comes, and not only
 *   when it fails; env: variables beside this process's own
 * @returns {Promise<boolean>}
 */
export function runTurbo(args, { show = false, env = {} } = {}) {
  const child = spawn(process.execPath, [turbo, 'run', ...args, '--ui=stream', '--log-order=grouped'], {
    cwd: root,
    env: {
      ...process.env,
      ...env,
      TURBO_TELEMETRY_DISABLED: '1',
      DO_NOT_TRACK: '1',
      TURBO_NO_UPDATE_NOTIFIER: '1',
    },
    stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
  })
  let output = ''
  child.stdout?.on('data', (chunk) => {
    output += chunk
  })
  child.stderr?.on('data', (chunk) => {
    output += chunk
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      if (code !== 0 && !show) process.stderr.write(output)
      resolve(code === 0)
    })
  })
}

// `node scripts/turbo.mjs build` runs a task by hand.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = (await runTurbo(process.argv.slice(2), { show: true })) ? 0 : 1
}
