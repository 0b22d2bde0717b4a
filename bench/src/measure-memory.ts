import { Contestant } from './contestant.ts'
import { estimateOf, ratios } from './measure-time.ts'
import { judge, type RowResult } from './result.ts'
import type { MemoryRow } from './row.ts'
import { estimate, spread } from './statistics.ts'

const WARM_UP = 500

interface Sample {
  readonly heap: number
  readonly rss: number
}

/** Starts each side afresh again and again, opens the connections, and looks at what they hold. */
export async function measureMemory(row: MemoryRow, rounds: number): Promise<RowResult> {
  const names = Object.keys(row.sides)
  const [bare = ''] = names
  const samples = new Map<string, Sample[]>()
  const again: Sample[] = []
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) samples.set(name, [...(samples.get(name) ?? []), await sample(row, name)])
    again.push(await sample(row, bare))
  }

  const heaps = (name: string): readonly number[] => (samples.get(name) ?? []).map(({ heap }) => heap)
  const same = estimate(
    ratios(
      again.map(({ heap }) => heap),
      heaps(bare),
    ),
  )
  return {
    name: row.name,
    title: row.title,
    measures: 'memory',
    unit: `bytes per ${row.unit}`,
    rounds,
    sides: names.map((name) => ({
      name,
      figure: spread(heaps(name)),
      rss: spread((samples.get(name) ?? []).map(({ rss }) => rss)),
    })),
    same,
    verdicts: row.bars.map((bar) => judge(bar, estimateOf(bar, heaps), same, spread(heaps(bare)).median)),
  }
}

async function sample(row: MemoryRow, side: string): Promise<Sample> {
  const contestant = await Contestant.start(row.name, side)
  // The first ones pay for code that is compiled for all.
  const first = await row.load(contestant.port, WARM_UP)
  const before = await contestant.ask({ do: 'memory' })
  const load = await row.load(contestant.port, row.units)
  const after = await contestant.ask({ do: 'memory' })
  await load.close()
  await first.close()
  await contestant.stop()
  return { heap: (after.heap - before.heap) / row.units, rss: (after.rss - before.rss) / row.units }
}
