import type { Side } from './side.ts'

/** What is compared with what, and what may come of it at most. */
export interface Bar {
  /** The side that is judged. */
  readonly side: string
  /** What it is held against. */
  readonly against: string
  /** The most that the ratio of the two may be; for `added`, the most that the difference may be, in the row's unit. */
  readonly most: number
  readonly kind: 'ratio' | 'added' | 'absolute'
}

/** Whoever loads a server. */
export interface Load {
  /** Does so many units of work and resolves when they are done. */
  run(units: number): Promise<void>
  close(): Promise<void>
}

interface BaseRow {
  /** For `--only`. */
  readonly name: string
  readonly title: string
  /** The ways to do it; the first is the bare one, which also runs against itself. */
  readonly sides: Readonly<Record<string, () => Side | Promise<Side>>>
  readonly bars: readonly Bar[]
}

/** CPU time of the side's process, for each unit of work. */
export interface TimeRow extends BaseRow {
  readonly measures: 'time'
  /** What one unit is: `message`, `line`, `connection`. */
  readonly unit: string
  /** Units in one round of one side. */
  readonly units: number
  /** Connects to a server; absent for a side that works by itself. */
  readonly load?: (port: number) => Promise<Load>
}

/** Memory of the side's process, for each unit that is held. */
export interface MemoryRow extends BaseRow {
  readonly measures: 'memory'
  readonly unit: string
  readonly units: number
  /** Opens so many connections; they are held until the load is closed. */
  readonly load: (port: number, units: number) => Promise<Load>
}

export type Row = TimeRow | MemoryRow
