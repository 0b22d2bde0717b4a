import { readFileSync } from 'node:fs'
import { LpcFloat } from '../../src/lpc-value/index.ts'

/** A recording, as /README of the recordings has it: what was done to a real driver, and what came back. */
export interface Scenario {
  readonly name: string
  readonly note?: string
  readonly steps: readonly Step[]
  readonly observed: readonly Observed[]
}

/** Something that an object does: an efun or one of the runner's own verbs. */
export interface Act {
  readonly do: string
  readonly args?: readonly unknown[]
  readonly save_as?: string
}

/** What a method does when it is called, the same each time or one list for each successive call. */
export type Reaction = readonly Act[] | { readonly per_call: readonly (readonly Act[])[] }

export type Step =
  | { readonly wait_ms: number }
  | ({ readonly peer: string; readonly do: string } & PeerDetails)
  | { readonly when: string; readonly run: Reaction }
  | ({ readonly object: string } & Act)
  | { readonly object: string; readonly do?: undefined }

/** What a peer's act may carry beside its name. */
export interface PeerDetails {
  readonly bytes_hex?: string
  readonly text?: string
  readonly as?: string
  readonly port?: unknown
  readonly bytes?: unknown
}

/** One line of a recording. Which of the fields there are tells what kind it is. */
export interface Observed {
  readonly step: number
  readonly who?: unknown
  readonly did?: string
  readonly begin?: string
  readonly end?: string
  readonly args?: readonly unknown[]
  readonly returned?: unknown
  readonly code?: string
  readonly raised?: string
  readonly callback?: string
  readonly callback_end?: string
  readonly uncaught_error?: string
  readonly peer?: string
  readonly saw?: unknown
  readonly [other: string]: unknown
}

/** Reads a file of recordings. Integers that a double cannot hold become bigints, and what is written as a float one. */
export function readScenarios(file: string): readonly Scenario[] {
  const text = readFileSync(file, 'utf8').replace(NUMBERS, (token) => {
    if (token.startsWith('"')) return token
    if (/[.eE]/.test(token)) return `{"$float":"${token}"}`
    return Number.isSafeInteger(Number(token)) ? token : `{"$integer":"${token}"}`
  })
  return JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value
    if ('$float' in value) return new LpcFloat(Number(value.$float))
    return '$integer' in value ? BigInt(String(value.$integer)) : value
  }) as readonly Scenario[]
}

/** Strings, which are passed over, and numbers. */
const NUMBERS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g
