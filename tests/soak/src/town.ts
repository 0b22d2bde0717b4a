import {
  createDriver,
  type Driver,
  type EndpointInfo,
  type Listener,
  type StreamOffer,
  type Transport,
} from '@mudwire/core'
import { answerStrangers, telnet } from '@mudwire/telnet'
import { tcp } from '@mudwire/transport-tcp'
import { webSocket } from '@mudwire/transport-websocket'
import type { Ledger } from './ledger.ts'
import type { Kind } from './messages.ts'
import type { Random } from './random.ts'
import { DELIBERATE, Resident } from './resident.ts'
import { Served } from './served.ts'

const RESIDENTS = 60
const TICK_MS = 5
/** So many deeds a second for each connection, beside what handlers do. */
const DEEDS_PER_SECOND = 5

/** What has happened, for progress and for the summary. */
export interface Counts {
  accepted: number
  acquired: number
  /** Offers that came to nothing. */
  declined: number
  destroyed: number
}

interface Accepting {
  readonly kind: Kind
  readonly listener: Listener
}

/**
 * The owners' side: one driver with three listeners, and residents among whom the connections go round. Everything that
 * an owner can do they do, from outside and from within handlers, as chance has it.
 */
export class Town {
  readonly counts: Counts = { accepted: 0, acquired: 0, declined: 0, destroyed: 0 }
  /** What nobody expected, an exception of a handler first of all. */
  readonly surprises: string[] = []
  readonly driver: Driver
  readonly random: Random
  readonly residents: Resident[] = []
  /** Who has died, to see that nothing keeps them. */
  readonly gone: WeakRef<Resident>[] = []
  /** How many there ever were, for their names. */
  born = 0
  /** Nobody does anything but read any more. */
  isClosing = false
  readonly #ledger: Ledger
  readonly #served = new Map<number, Served>()
  /** The same, to choose from; some may be over. */
  #all: Served[] = []
  readonly #passing = new Set<Promise<void>>()
  #timer: NodeJS.Timeout | undefined
  /** By their ids. */
  readonly #listeners = new Map<number, Accepting>()

  constructor(random: Random, ledger: Ledger) {
    this.random = random
    this.#ledger = ledger
    this.driver = createDriver({
      observer: {
        accepted: (info, listener) => this.#accepted(info, listener.id),
        acquired: () => {
          this.counts.acquired += 1
        },
        declined: () => {
          this.counts.declined += 1
        },
        closed: (info, reason) => {
          const served = this.#served.get(info.id)
          if (!served) return
          this.#served.delete(info.id)
          served.closed(reason)
          this.#ledger.closed(served)
        },
      },
      onError: ({ error, handler }) => {
        if (error !== DELIBERATE) this.surprises.push(`'${handler}' threw ${String(error)}`)
      },
    })
    for (let left = RESIDENTS; left > 0; left -= 1) this.residents.push(new Resident(this))
  }

  get open(): number {
    return this.#served.size
  }

  async listen(): Promise<Record<Kind, number>> {
    const inetd = this.driver.owner('inetd')
    const accepted = (offer: StreamOffer<undefined>): void | Promise<void> => this.anybody().welcome(offer)
    const transports: Record<Kind, Transport> = {
      tcp: tcp({ port: 0 }),
      // Bytes are left as they are, and nothing stands among the data that nobody wrote.
      telnet: telnet(answerStrangers(tcp({ port: 0 })), {
        charset: 'utf-8',
        promptMarks: false,
        keepAliveMs: 1_000,
      }),
      websocket: webSocket({ port: 0 }),
    }
    const ports = { tcp: 0, telnet: 0, websocket: 0 }
    for (const kind of Object.keys(transports) as Kind[]) {
      const listener = inetd.listen(transports[kind], { accepted })
      this.#listeners.set(listener.id, { kind, listener })
      ports[kind] = (await listener.opened)[0]?.port ?? 0
    }
    this.#timer = setInterval(() => this.#tick(), TICK_MS)
    return ports
  }

  /** The deeds stop, and whatever is held is read. */
  settle(): void {
    this.isClosing = true
    clearInterval(this.#timer)
    for (const served of this.#served.values()) {
      const { socket } = served
      if (served.isOpen && socket) served.owner?.readOn(served, socket)
    }
  }

  /** Stops listening, ends every owner, and resolves when the driver has nothing left. */
  async close(): Promise<void> {
    for (const { listener } of this.#listeners.values()) listener.close()
    for (const resident of this.residents) resident.leave()
    await Promise.all([this.driver.close({ deadlineMs: 60_000 }), ...this.#passing])
    this.#all = []
    this.residents.length = 0
  }

  /** Resolves after so many milliseconds, and never behind the end of the town. */
  async pass(ms: number): Promise<void> {
    const passed = new Promise<void>((resolve) => setTimeout(resolve, ms))
    this.#passing.add(passed)
    await passed
    this.#passing.delete(passed)
  }

  anybody(): Resident {
    return this.random.oneOf(this.residents)
  }

  of(socket: { readonly id: number }): Served {
    const served = this.#served.get(socket.id)
    if (!served) throw new Error(`Connection ${socket.id} is over, and was given to somebody.`)
    return served
  }

  #accepted(info: EndpointInfo, listener: number): void {
    this.counts.accepted += 1
    const { kind } = this.#listeners.get(listener) as Accepting
    const served = new Served(info, kind)
    this.#served.set(info.id, served)
    this.#all.push(served)
    this.#ledger.opened(served)
  }

  #tick(): void {
    if (this.#all.length > 2 * this.open + 100) this.#all = this.#all.filter((served) => served.isOpen)
    const deeds = Math.ceil((this.open * DEEDS_PER_SECOND * TICK_MS) / 1_000)
    for (let left = deeds; left > 0 && this.#all.length > 0; left -= 1) {
      const served = this.random.oneOf(this.#all)
      const { socket } = served
      if (served.isOpen && socket) served.owner?.act(served, socket)
    }
    if (this.random.onceIn(200)) this.#replaceSomebody()
  }

  /** Somebody dies; the heir gets what there is, and somebody new comes in the same place. */
  #replaceSomebody(): void {
    const place = this.random.between(0, RESIDENTS - 1)
    const old = this.residents[place] as Resident
    this.residents[place] = new Resident(this)
    this.counts.destroyed += 1
    old.leave()
  }
}
