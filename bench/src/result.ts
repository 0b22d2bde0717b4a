import type { Bar } from './row.ts'
import type { Estimate, Spread } from './statistics.ts'

/** What a row came to. */
export interface RowResult {
  readonly name: string
  readonly title: string
  readonly measures: 'time' | 'memory'
  /** `ns per message`, `bytes per connection`. */
  readonly unit: string
  readonly rounds: number
  /** So often the processes were started anew in them; absent where that was done for each round. */
  readonly starts?: number
  readonly sides: readonly SideResult[]
  /** The bare side against itself: what the machine makes of no difference at all. */
  readonly same: Estimate
  readonly verdicts: readonly Verdict[]
  /** How much of the time the load was busy; near 1 it was what held everything up. Absent where there is none. */
  readonly loadBusy?: number
}

interface SideResult {
  readonly name: string
  readonly figure: Spread
  /** Resident memory for each unit, for memory rows. */
  readonly rss?: Spread
}

/** A bar, and whether it holds. */
export interface Verdict {
  readonly bar: Bar
  readonly estimate: Estimate
  /** The bar with the doubt that comparing the bare side with itself leaves. */
  readonly limit: number
  readonly holds: boolean
}

/** Judges a bar: the upper end of the interval must lie below it, with the half width of the A/A interval on top. */
export function judge(bar: Bar, estimate: Estimate, same: Estimate, bareFigure: number): Verdict {
  const doubt = (same.high - same.low) / 2
  const limit = bar.kind === 'ratio' ? bar.most + doubt : bar.most + doubt * bareFigure
  return { bar, estimate, limit, holds: estimate.high <= limit }
}
