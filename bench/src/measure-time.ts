import { Contestant } from './contestant.ts'
import { judge, type RowResult } from './result.ts'
import type { Bar, Load, TimeRow } from './row.ts'
import { type Estimate, estimate, spread } from './statistics.ts'

const NS_PER_US = 1_000

/** A side with whoever loads it, and its figure in each round. */
interface Runner {
  readonly contestant: Contestant
  readonly load: Load | undefined
  readonly figures: number[]
}

/** Lets all sides of a row do the same work in turn, over and over, each in its own process. */
export async function measureTime(row: TimeRow, rounds: number, warmUps: number): Promise<RowResult> {
  const names = Object.keys(row.sides)
  const [bare = ''] = names
  // The bare side once more, as a process of its own: what differs between the two is chance.
  const runners: Runner[] = []
  for (const name of [...names, bare]) runners.push(await start(row, name))

  let loadBusy = 0
  let elapsed = 0
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
      loadBusy += (user + system) / 1_000
      elapsed += performance.now() - before
      runner.figures.push(figure)
    }
  }
  for (const { load, contestant } of runners) {
    await load?.close()
    await contestant.stop()
  }

  const figuresOf = (name: string): readonly number[] => runners[names.indexOf(name)]?.figures ?? []
  const same = estimate(ratios(runners.at(-1)?.figures ?? [], figuresOf(bare)))
  return {
    name: row.name,
    title: row.title,
    measures: 'time',
    unit: `ns per ${row.unit}`,
    rounds,
    sides: names.map((name) => ({ name, figure: spread(figuresOf(name)) })),
    same,
    verdicts: row.bars.map((bar) =>
      judge(bar, estimateOf(bar, figuresOf), same, spread(figuresOf(bare)).median),
    ),
    ...(row.load && { loadBusy: loadBusy / elapsed }),
  }
}

async function start(row: TimeRow, side: string): Promise<Runner> {
  const contestant = await Contestant.start(row.name, side)
  return { contestant, load: await row.load?.(contestant.port), figures: [] }
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
