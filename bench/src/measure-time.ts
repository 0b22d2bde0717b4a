import { Contestant } from './contestant.ts'
import { judge, type RowResult } from './result.ts'
import type { Bar, Load, TimeRow } from './row.ts'
import { type Estimate, estimate, spread } from './statistics.ts'

const NS_PER_US = 1_000

/** How often the sides of a row take their turns. */
export interface Turns {
  /** So often all processes are started anew: what the compiler makes of a program is not always the same. */
  readonly starts: number
  /** Rounds of each start that count, and before them some that do not. */
  readonly rounds: number
  readonly warmUps: number
}

/** A side with whoever loads it, and its figure in each round. */
interface Runner {
  readonly contestant: Contestant
  readonly load: Load | undefined
  readonly figures: number[]
}

/** How long the load took, and how long it was busy, in milliseconds. */
interface LoadTime {
  elapsed: number
  busy: number
}

/** Lets all sides of a row do the same work in turn, over and over, each in its own process. */
export async function measureTime(row: TimeRow, turns: Turns): Promise<RowResult> {
  const names = Object.keys(row.sides)
  const [bare = ''] = names
  // The bare side once more, as a process of its own: what differs between the two is chance.
  const runs = [...names, bare].map((name) => ({ name, figures: [] as number[] }))
  const loadTime: LoadTime = { elapsed: 0, busy: 0 }
  for (let start = 0; start < turns.starts; start += 1) {
    const runners: Runner[] = []
    for (const { name, figures } of runs) runners.push(await begin(row, name, figures))
    await takeTurns(row, runners, turns, loadTime)
    for (const { load, contestant } of runners) {
      await load?.close()
      await contestant.stop()
    }
  }

  const figuresOf = (name: string): readonly number[] => runs[names.indexOf(name)]?.figures ?? []
  const same = estimate(ratios(runs.at(-1)?.figures ?? [], figuresOf(bare)))
  return {
    name: row.name,
    title: row.title,
    measures: 'time',
    unit: `ns per ${row.unit}`,
    rounds: turns.rounds * turns.starts,
    starts: turns.starts,
    sides: names.map((name) => ({ name, figure: spread(figuresOf(name)) })),
    same,
    verdicts: row.bars.map((bar) =>
      judge(bar, estimateOf(bar, figuresOf), same, spread(figuresOf(bare)).median),
    ),
    ...(row.load && { loadBusy: loadTime.busy / loadTime.elapsed }),
  }
}

async function begin(row: TimeRow, side: string, figures: number[]): Promise<Runner> {
  const contestant = await Contestant.start(row.name, side)
  return { contestant, load: await row.load?.(contestant.port), figures }
}

async function takeTurns(
  row: TimeRow,
  runners: readonly Runner[],
  { rounds, warmUps }: Turns,
  loadTime: LoadTime,
): Promise<void> {
  for (let round = -warmUps; round < rounds; round += 1) {
    // Who comes first changes from round to round, so that nobody always comes after the same one.
    for (let turn = 0; turn < runners.length; turn += 1) {
      const runner = runners[(turn + round + warmUps) % runners.length]
      if (!runner) continue
      const before = performance.now()
      const own = process.cpuUsage()
      const figure = await runOnce(row, runner)
      if (round < 0) continue
      const { user, system } = process.cpuUsage(own)
      loadTime.busy += (user + system) / 1_000
      loadTime.elapsed += performance.now() - before
      runner.figures.push(figure)
    }
  }
}

/** One round of one side, in nanoseconds of its CPU time for each unit. */
async function runOnce(row: TimeRow, { contestant, load }: Runner): Promise<number> {
  const before = await contestant.cpu()
  if (load) await load.run(row.units)
  const after = load ? await contestant.cpu() : (await contestant.ask({ do: 'work', units: row.units })).cpu
  return ((after - before) * NS_PER_US) / row.units
}

export function estimateOf(bar: Bar, figuresOf: (side: string) => readonly number[]): Estimate {
  const figures = figuresOf(bar.side)
  const others = figuresOf(bar.against)
  switch (bar.kind) {
    case 'ratio':
      return estimate(ratios(figures, others))
    case 'added':
      return estimate(figures.map((figure, round) => figure - (others[round] ?? Number.NaN)))
    case 'absolute':
      return estimate(figures)
  }
}

/** Round by round, so that what slows the whole machine down for a while does not count. */
export function ratios(figures: readonly number[], others: readonly number[]): readonly number[] {
  return figures.map((figure, round) => figure / (others[round] ?? Number.NaN))
}
