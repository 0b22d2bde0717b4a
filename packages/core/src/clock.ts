import { defer, monotonicNow, schedule } from './environment.ts'

/** Where a driver gets its time and its later turns from. Given, so that a test can drive it. */
export interface Clock {
  /** Runs a task on a later turn, never inside the call. */
  defer(task: () => void): void
  /** Milliseconds that only ever grow. */
  now(): number
  /** Calls `task` once after `ms` milliseconds; the returned function cancels it. */
  schedule(task: () => void, ms: number): () => void
}

/** The environment's own time: `setImmediate` or the nearest thing to it, and timers that keep no process alive. */
export const systemClock: Clock = { defer, now: monotonicNow, schedule }
