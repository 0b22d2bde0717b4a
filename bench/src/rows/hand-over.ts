import { createDriver, type Owner, type OwnerRef, type Socket } from '@mudwire/core'
import { memory } from '@mudwire/core/memory'
import type { Row } from '../row.ts'
import type { WorkingSide } from '../side.ts'

/** Two owners that hand sockets to each other, over and over, among so many sockets. */
function handOver(sockets: number, mostNs: number, units: number): Row {
  const order = sockets > 1_000 ? 'in random order' : 'in turn'
  return {
    name: `hand-over-${sockets}`,
    title: `Release and acquire with policy and observer, over ${sockets.toLocaleString('en')} sockets ${order}`,
    measures: 'time',
    unit: 'hand-over',
    units,
    sides: {
      'object.owner = x, and a callback': () => assigned(sockets),
      mudwire: () => released(sockets),
    },
    bars: [{ side: 'mudwire', against: 'object.owner = x, and a callback', most: mostNs, kind: 'absolute' }],
  }
}

export const handOvers: readonly Row[] = [
  handOver(1, 100, 200_000),
  handOver(1_000, 100, 200_000),
  handOver(100_000, 1_000, 100_000),
]

/** Who is next: one after the other, or all of a hundred thousand in an order that no cache can foresee. */
function orderOf(count: number): readonly number[] {
  const order = Array.from({ length: count }, (_, index) => index)
  if (count <= 1_000) return order
  let seed = 42
  for (let index = count - 1; index > 0; index -= 1) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    const other = seed % (index + 1)
    const swapped = order[index] ?? 0
    order[index] = order[other] ?? 0
    order[other] = swapped
  }
  return order
}

async function released(count: number): Promise<WorkingSide> {
  let seen = 0
  const driver = createDriver({
    policy: ({ owner, target }) => owner !== target,
    observer: {
      offered: () => {
        seen += 1
      },
      acquired: () => {
        seen += 1
      },
    },
  })
  const handlers = { text(): void {} }
  let taken: Socket | undefined
  const player = (name: string): Owner =>
    driver.owner(name, {
      offered(offer) {
        if (offer.kind === 'stream') taken = offer.acquire(handlers)
      },
    })
  const one = player('one')
  const two = player('two')
  const network = memory()
  const sockets: Socket[] = []
  const listener = one.listen(network, {
    accepted(offer) {
      const socket = offer.acquire(handlers)
      if (socket) sockets.push(socket)
    },
  })
  await listener.opened
  for (let index = 0; index < count; index += 1) network.dial()
  await new Promise(setImmediate)
  if (sockets.length !== count) throw new Error(`Only ${sockets.length} of ${count} sockets arrived.`)

  const order = orderOf(count)
  let position = 0
  let target: OwnerRef = two.ref
  return {
    work(units) {
      for (let done = 0; done < units; done += 1) {
        const index = order[position] ?? 0
        sockets[index]?.release(target)
        if (!taken) throw new Error('Nobody has acquired it.')
        sockets[index] = taken
        taken = undefined
        position += 1
        if (position === count) {
          position = 0
          target = target === two.ref ? one.ref : two.ref
        }
      }
      if (seen < units) throw new Error('The observer has missed something.')
    },
  }
}

interface Thing {
  owner: Holder
}

interface Holder {
  given(thing: Thing): void
}

function assigned(count: number): WorkingSide {
  const holder = (): Holder => ({
    given(thing) {
      thing.owner = this
    },
  })
  const [one, two] = [holder(), holder()]
  const things: Thing[] = Array.from({ length: count }, () => ({ owner: one }))
  const order = orderOf(count)
  let position = 0
  let target = two
  return {
    work(units) {
      for (let done = 0; done < units; done += 1) {
        const thing = things[order[position] ?? 0]
        if (thing) target.given(thing)
        position += 1
        if (position === count) {
          position = 0
          target = target === two ? one : two
        }
      }
    },
  }
}
