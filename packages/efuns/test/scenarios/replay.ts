import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { Destructed, Thrown } from './actor.ts'
import { bytesShown, bytesSummarised, firstDifference } from './compare.ts'
import { expectationOf } from './deviations/index.ts'
import { efunOf, type Rule } from './deviations/rule.ts'
import { type Peer, type PeerSetting, until } from './peer.ts'
import { perform } from './perform.ts'
import { Places } from './places.ts'
import type { Observed, Scenario, Step } from './scenario.ts'
import { hasPython, SlowPeer } from './slow-peer.ts'
import { Stage } from './stage.ts'
import { createdNumbers, type Event, structure } from './structure.ts'
import { TcpPeer } from './tcp-peer.ts'
import { UdpPeer } from './udp-peer.ts'

/** How a scenario went. */
export interface Outcome {
  readonly name: string
  /** The first difference, in words; undefined where there is none. */
  readonly difference: string | undefined
  /** Where Mudwire does better on purpose. */
  readonly deviations: readonly Rule[]
  /** It needs a program that is not there. */
  readonly isSkipped: boolean
}

/** Plays a scenario over real sockets of this machine. */
export async function replay(scenario: Scenario): Promise<Outcome> {
  const { name, steps } = scenario
  const { expected, deviations } = expectationOf(scenario)
  const isSlow = needsSlowPeers(scenario)
  if (isSlow && !hasPython) return { name, difference: undefined, deviations, isSkipped: true }
  const places = await Places.find()
  const player = new Player(scenario, expected, places, isSlow)
  try {
    await player.play()
    const difference = firstDifference(expected, player.stage.log.events, steps, places)
    return { name, difference, deviations, isSkipped: false }
  } catch (error) {
    return { name, difference: String(error), deviations, isSkipped: false }
  } finally {
    await player.close()
  }
}

/** Does a writer block in it? Then its peers must take little: the system would swallow for them what Node's would take. */
export function needsSlowPeers({ observed }: Scenario): boolean {
  return observed.some(
    (event) => efunOf(event) === 'socket_write' && BLOCKED.some((code) => code === event.returned),
  )
}

/** EECALLBACK, and EEWOULDBLOCK. */
const BLOCKED = [-29, -17] as const

class Player {
  readonly stage: Stage
  readonly #steps: readonly Step[]
  readonly #expected: readonly Observed[]
  readonly #places: Places
  readonly #isSlow: boolean
  readonly #peers = new Map<string, Peer>()

  constructor(scenario: Scenario, expected: readonly Observed[], places: Places, isSlow: boolean) {
    this.#steps = scenario.steps
    this.#expected = expected
    this.#places = places
    this.#isSlow = isSlow
    this.stage = new Stage(places, createdNumbers(scenario.observed))
  }

  async play(): Promise<void> {
    const placed = structure(this.#expected, this.#steps)
    for (const [index, step] of this.#steps.entries()) {
      const of = placed.filter(({ event }) => event.step === index)
      const own = of.findIndex(({ isOwn }) => isOwn)
      // What came by itself before the step's own doing must have come here, too.
      if (own > 0) await this.#waitForThoseBefore(of[own]?.event)
      this.stage.log.step = index
      this.stage.recorded = this.#expected.filter((event) => event.step === index)
      await this.#do(step)
      await this.#waitForThoseBefore(placed.find(({ event }) => event.step > index)?.event)
      if ('wait_ms' in step) await quiet(step.wait_ms)
    }
    await quiet(50)
  }

  async close(): Promise<void> {
    for (const peer of this.#peers.values()) peer.end()
    await this.stage.close()
  }

  async #do(step: Step): Promise<void> {
    const { stage } = this
    if ('wait_ms' in step) return
    if ('when' in step) {
      const [object = '', method = ''] = step.when.split('.')
      stage.actor(object).when(method, step.run)
    } else if ('peer' in step) {
      const saw = stage.recorded.filter(({ peer }) => peer === step.peer).map((event) => event.saw)
      await this.#peer(step).act({ ...step, saw })
    } else if (step.do === undefined) stage.makeActor(step.object)
    else {
      try {
        await perform(stage, stage.actor(step.object), step)
      } catch (error) {
        if (!(error instanceof Destructed || error instanceof Thrown)) throw error
      }
      stage.log.leaveTo(0)
    }
  }

  #peer({ peer: name, do: verb }: { readonly peer: string; readonly do: string }): Peer {
    const existing = this.#peers.get(name)
    if (existing) return existing
    const setting: PeerSetting = {
      name,
      log: this.stage.log,
      places: this.#places,
      introduce: (accepted, peer) => this.#peers.set(accepted, peer),
    }
    const peer = verb.startsWith('udp')
      ? new UdpPeer(setting)
      : this.#isSlow
        ? new SlowPeer(setting)
        : new TcpPeer(setting)
    this.#peers.set(name, peer)
    return peer
  }

  /** Waits for as many events that come by themselves as are expected before this one, or at all. */
  async #waitForThoseBefore(next: Observed | undefined): Promise<void> {
    const end = next ? this.#expected.indexOf(next) : this.#expected.length
    const due = structure(this.#expected.slice(0, end), this.#steps).filter(({ isCallback }) => isCallback)
    const bytes = due.reduce((sum, { event }) => sum + (bytesSummarised(event) ?? 0), 0)
    const single = due.filter(({ event }) => bytesSummarised(event) === undefined).length
    await until(() => {
      if (this.stage.unfinished > 0) return false
      const seen = due.length > 0 ? this.#callbacks() : []
      return (
        seen.length >= single + (bytes > 0 ? 1 : 0) &&
        seen.reduce((sum, event) => sum + sizeOf(event), 0) >= bytes
      )
    })
  }

  #callbacks(): readonly Event[] {
    return structure(this.stage.log.events, this.#steps)
      .filter(({ isCallback }) => isCallback)
      .map(({ event }) => event)
  }
}

function sizeOf({ args }: Event): number {
  const data: unknown = Array.isArray(args) ? args[1] : undefined
  return typeof data === 'string' ? bytesShown(data).byteLength : 0
}

/** Lets everything come that is on its way: on this machine that takes turns of the event loop, not time. */
async function quiet(ms: number): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await nextTurn()
  await sleep(Math.min(ms, 50))
  for (let turn = 0; turn < 5; turn += 1) await nextTurn()
}
