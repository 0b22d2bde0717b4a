import type { Socket } from 'node:net'
import { type Address, ipAddress, type ListenerSink, type ProxyFacts } from '@mudwire/core'
import { type ProxySettings, readProxyHeader } from './proxy.ts'
import type { ProxyHeader } from './proxy-header.ts'
import { ignoreError } from './socket-link.ts'

/** A connection that was let in, with the final word on who it is. */
export interface Arrival {
  readonly socket: Socket
  readonly local: Address
  readonly remote: Address
  /** The proxy in between, if there is one. */
  readonly proxy: ProxyFacts | undefined
}

/** Makes a link of an arrival, or ends it. `done` is called when its handshake is over, whatever came of it. */
export type Step = (arrival: Arrival, done: () => void) => void

export interface IntakeOptions {
  readonly proxy: ProxySettings | undefined
  /** Does the step take work, a TLS handshake say? Then it is bounded, and waits while the listener is paused. */
  readonly handshake: boolean
  /** How long header and handshake may take together, where the step has no deadline of its own. */
  readonly deadlineMs?: number
  /** The address of a unix socket, which has no other. */
  readonly path?: string
}

/** So many headers and handshakes may be under way at a time. */
const MOST_UNDER_WAY = 256
/** So many connections may wait for theirs, and so long. */
const MOST_WAITING = 128
const LONGEST_WAIT_MS = 60_000
const SWEEP_MS = 1_000

interface Waiting {
  readonly socket: Socket
  readonly local: Address
  readonly network: Address
  readonly since: number
}

/**
 * What happens to a connection between the kernel and the link: admission, the PROXY header, the handshake. Whatever
 * costs work is bounded and has a deadline, and while the listener is paused connections wait before it.
 */
export class Intake {
  readonly #sink: ListenerSink
  readonly #step: Step
  readonly #options: IntakeOptions
  readonly #waiting: Waiting[] = []
  /** The sockets whose header or handshake is under way, and since when. */
  readonly #underWay = new Map<Socket, number>()
  #sweep: NodeJS.Timeout | undefined
  #paused = false
  #closed = false

  constructor(sink: ListenerSink, options: IntakeOptions, step: Step) {
    this.#sink = sink
    this.#options = options
    this.#step = step
  }

  /** A connection that the kernel has accepted; it is paused. `local` is its own address, where the server knows it. */
  readonly take = (socket: Socket, local: Address | undefined): void => {
    socket.on('error', ignoreError)
    const ends = this.#endsOf(socket, local)
    if (!ends || this.#closed || !this.#sink.admit(ends.network)) {
      socket.destroy()
      return
    }
    const { proxy, handshake } = this.#options
    if (proxy && !proxy.trusted.has(ends.network)) {
      socket.destroy()
      this.#sink.failed(new Error('PROXY header: the connection is not from a proxy that is trusted'))
    } else if (!proxy && !handshake) {
      this.#step({ socket, local: ends.local, remote: ends.network, proxy: undefined }, () => {})
    } else {
      this.#waiting.push({ socket, ...ends, since: Date.now() })
      this.#next()
      this.#boundWaiting()
    }
  }

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    this.#next()
  }

  /** Ends who waits, and whose handshake is under way. */
  close(): void {
    this.#closed = true
    clearInterval(this.#sweep)
    for (const { socket } of this.#waiting.splice(0)) socket.destroy()
    for (const socket of this.#underWay.keys()) socket.destroy()
  }

  #endsOf(
    socket: Socket,
    local: Address | undefined,
  ): { readonly local: Address; readonly network: Address } | undefined {
    const { path } = this.#options
    if (path !== undefined) return { local: unixAddress(path), network: unixAddress('') }
    const { remoteAddress, remotePort } = socket
    // A peer that reset the connection before it was accepted has no address any more.
    if (!remoteAddress || remotePort === undefined) return undefined
    const network = ipAddress(remoteAddress, remotePort)
    if (local) return { local, network }
    const { localAddress, localPort } = socket
    if (!localAddress || localPort === undefined) return undefined
    return { local: ipAddress(localAddress, localPort), network }
  }

  #next(): void {
    while (!this.#paused && !this.#closed && this.#underWay.size < MOST_UNDER_WAY) {
      const next = this.#waiting.shift()
      if (!next) break
      this.#underWay.set(next.socket, Date.now())
      void this.#setUp(next)
    }
    this.#watch()
  }

  /** There is something with a deadline, or nothing any more. */
  #watch(): void {
    if (this.#waiting.length === 0 && this.#underWay.size === 0) {
      clearInterval(this.#sweep)
      this.#sweep = undefined
    } else this.#sweep ??= setInterval(() => this.#dropStale(), SWEEP_MS).unref()
  }

  async #setUp({ socket, local, network }: Waiting): Promise<void> {
    const done = (): void => {
      if (this.#underWay.delete(socket)) this.#next()
    }
    try {
      const header = await this.#readHeader(socket)
      if (this.#closed) {
        socket.destroy()
        done()
        return
      }
      this.#step(
        {
          socket,
          local: header?.destination ?? local,
          remote: header?.source ?? network,
          proxy: header && proxyFacts(network, header),
        },
        done,
      )
      // A step without a handshake is over at once.
      if (!this.#options.handshake) done()
    } catch (error) {
      socket.destroy()
      done()
      if (!this.#closed) this.#sink.failed(error as Error)
    }
  }

  async #readHeader(socket: Socket): Promise<ProxyHeader | undefined> {
    const { proxy } = this.#options
    return proxy && (await readProxyHeader(socket, proxy.deadlineMs))
  }

  #boundWaiting(): void {
    while (this.#waiting.length > MOST_WAITING) {
      this.#waiting.pop()?.socket.destroy()
      this.#sink.failed(new Error('Too many connections wait for their handshake.'))
    }
  }

  #dropStale(): void {
    const now = Date.now()
    for (
      let oldest = this.#waiting[0];
      oldest && now - oldest.since >= LONGEST_WAIT_MS;
      oldest = this.#waiting[0]
    ) {
      this.#waiting.shift()
      oldest.socket.destroy()
      this.#sink.failed(new Error('A connection has waited too long for its handshake.'))
    }
    const { deadlineMs = Number.POSITIVE_INFINITY } = this.#options
    for (const [socket, since] of this.#underWay) {
      if (now - since < deadlineMs) continue
      socket.destroy()
      this.#sink.failed(new Error(`A handshake has taken longer than ${deadlineMs} ms.`))
    }
    this.#next()
  }
}

function unixAddress(path: string): Address {
  return { family: 'unix', address: path }
}

function proxyFacts(address: Address, { authority, secure }: ProxyHeader): ProxyFacts {
  return Object.freeze({
    address,
    ...(authority !== undefined && { authority }),
    ...(secure !== undefined && { secure }),
  })
}
