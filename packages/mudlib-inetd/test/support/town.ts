import { createDriver, type Driver, type HandlerError, type Observer } from '@mudwire/core'
import {
  type DrivenClock,
  drivenClock,
  type MemoryPeer,
  type MemoryTransport,
  memory,
} from '@mudwire/core/memory'
import {
  createInetd,
  createWorld,
  type Inetd,
  type Service,
  type World,
  type WorldOptions,
} from '../../src/index.ts'

/** An inetd with the world behind it, and a clock that the test drives. */
export interface Town {
  readonly clock: DrivenClock
  readonly driver: Driver
  readonly inetd: Inetd
  readonly world: World
  readonly network: MemoryTransport
  readonly errors: HandlerError[]
  /** What the observer saw: `offered inetd world`, `acquired world player:Ada` … */
  readonly seen: string[]
  /** Somebody connects, and says the lines. */
  connect(...lines: string[]): Promise<Person>
}

/** A client of the world. */
class Person {
  readonly peer: MemoryPeer
  readonly #clock: DrivenClock
  #read = 0

  constructor(peer: MemoryPeer, clock: DrivenClock) {
    this.peer = peer
    this.#clock = clock
  }

  /** Types a line and returns what came back. */
  type(line: string): string[] {
    this.hear()
    this.peer.send(`${line}\r\n`)
    return this.hear()
  }

  /** The lines that have come since last time. */
  hear(): string[] {
    this.#clock.run()
    const text = this.peer.text.slice(this.#read)
    this.#read += text.length
    return text === '' ? [] : text.replace(/\r\n$/, '').split('\r\n')
  }
}

export async function openTown(options: WorldOptions & { readonly service?: Service } = {}): Promise<Town> {
  const clock = drivenClock()
  const errors: HandlerError[] = []
  const seen: string[] = []
  const observer: Observer = {
    offered: (_socket, from, to) => seen.push(`offered ${from?.name ?? 'driver'} ${to.name}`),
    acquired: (_socket, from, to) => seen.push(`acquired ${from?.name ?? 'driver'} ${to.name}`),
    declined: (_socket, from, to, { reason }) => seen.push(`declined ${from?.name} ${to.name} ${reason}`),
  }
  const driver = createDriver({ ...clock, observer, onError: (event) => errors.push(event) })
  const inetd = createInetd(driver)
  const world = createWorld(driver, { clock, random: () => 0, ...options })
  const network = memory({ clock, stickySignals: ['terminal', 'windowSize'] })
  await inetd.serve(options.service ?? world.login, network)
  return {
    clock,
    driver,
    inetd,
    world,
    network,
    errors,
    seen,
    async connect(...lines) {
      const person = new Person(network.dial(), clock)
      await settle(clock)
      for (const line of lines) person.type(line)
      return person
    },
  }
}

/** Lets promises that are settled be heard, and what they defer be run. */
export async function settle(clock: DrivenClock): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await new Promise((resolve) => setImmediate(resolve))
    clock.run()
  }
}
