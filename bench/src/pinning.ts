import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** The core of the servers, and the one of whoever loads them. */
const SERVER_CORE = 0
const LOAD_CORE = 1

/** Whether processes can be kept on a core of their own; without, figures are less steady. */
export const canPin: boolean =
  availableParallelism() > 1 && spawnSync('taskset', ['-c', String(LOAD_CORE), 'true']).status === 0

/** The command line that runs a server on its core. */
export function pinned(command: readonly string[]): readonly [string, readonly string[]] {
  const [program = '', ...args] = command
  return canPin ? ['taskset', ['-c', String(SERVER_CORE), program, ...args]] : [program, args]
}

/** Moves this process to the core of the load. */
export function pinThisProcess(): void {
  if (canPin) spawnSync('taskset', ['-a', '-p', '-c', String(LOAD_CORE), String(process.pid)])
}
