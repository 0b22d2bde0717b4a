import { type CloseReason, isClean } from './close-reason.ts'
import { decodeUtf8 } from './environment.ts'
import { type AnySocketHandlers, type LineInfo, NO_HANDLERS } from './handlers.ts'
import { CloseItem, END, SignalItem, unpinned } from './held-input.ts'
import type { Demand } from './pull.ts'
import { type Mode, Reader, type Taken, TOO_LONG } from './reader.ts'
import type { InboundSignal } from './signals.ts'
import type { Socket } from './socket.ts'
import type { StreamEndpoint } from './stream-endpoint.ts'
import type { LinkSink } from './transport.ts'
import { incompleteTail, utf8Length } from './utf8.ts'

const TERMINATED: LineInfo = Object.freeze({ terminated: true })
const UNTERMINATED: LineInfo = Object.freeze({ terminated: false })

/** So much is read from the network before somebody who reads on demand wants it. */
const READ_AHEAD = 16 * 1024

/** At most one held item for this many bytes of the limit, so that empty messages cannot pile up. */
const BYTES_PER_ITEM = 32

/**
 * The receiving side of a socket: what the link calls, and the one loop that delivers. After every item the loop
 * looks again at whose the socket is and how that owner reads.
 */
export class Inbound extends Reader implements LinkSink {
  handlers: AnySocketHandlers = NO_HANDLERS
  mode: Mode = 'none'
  /** The owner of the moment is owed a drain. */
  drainDue = false
  /** What there is of the peer: after its end or its clean close the owner has yet to come to that place. */
  peer: 'sending' | 'ended' | 'gone' = 'sending'
  readonly #endpoint: StreamEndpoint
  /** The mode to deliver in now; `none` while nothing may be delivered. */
  #ready: Mode = 'none'
  /** Who reads on demand, if anybody does. */
  #demand: Demand | undefined
  /** What the link was told last. */
  #reading = false
  #turn: 'none' | 'planned' | 'delivering' = 'none'

  constructor(endpoint: StreamEndpoint) {
    super()
    this.#endpoint = endpoint
  }

  // What the link calls.

  data(chunk: string | Uint8Array): void {
    const straight =
      this.#endpoint.context.turns.busy === 0 && this.peer === 'sending' && this.isClear
        ? this.straight(chunk)
        : undefined
    if (straight !== undefined) {
      this.position += typeof chunk === 'string' ? utf8Length(chunk) : chunk.byteLength
      this.run(straight)
      return
    }
    if (this.#endpoint.life !== 'open' || this.peer !== 'sending') return
    this.push(this.#ready === 'none' && typeof chunk !== 'string' ? unpinned(chunk, 0) : chunk)
    this.arrived()
  }

  signal(name: string, payload: unknown): void {
    if (this.#endpoint.life !== 'open' || this.peer !== 'sending') return
    this.#endpoint.keepSticky(name, payload)
    this.pushItem(new SignalItem(name, payload))
    this.arrived()
  }

  end(): void {
    if (this.#endpoint.life !== 'open' || this.peer !== 'sending') return
    this.peer = 'ended'
    this.pushItem(END)
    this.arrived()
  }

  drain(): void {
    this.#endpoint.outbound.drained()
  }

  close(reason: CloseReason): void {
    if (this.isGone) return
    this.peer = 'gone'
    if (this.#endpoint.life !== 'open' || !isClean(reason)) {
      this.#endpoint.linkClosed(reason)
      return
    }
    this.pushItem(new CloseItem(reason))
    this.arrived()
  }

  // What the endpoint calls.

  /** The link has closed: nothing can be sent any more. */
  get isGone(): boolean {
    return this.peer === 'gone'
  }

  /** Somebody reads from now on, in this mode: whoever did before has lost it. */
  install(handlers: AnySocketHandlers, mode: Mode, demand?: Demand): void {
    const before = this.#demand
    this.handlers = handlers
    this.mode = mode
    this.#demand = demand
    before?.lost()
  }

  /** Works out anew whether it may deliver and should read; what has become deliverable follows on a later turn. */
  refresh(): void {
    const { life, offer, paused } = this.#endpoint
    const mode = life === 'open' && offer === undefined && !paused ? this.mode : 'none'
    this.#ready = this.#demand === undefined || this.#demand.wanted ? mode : 'none'
    const ready = this.#ready !== 'none'
    // On demand the link reads a little ahead, so that it is not stopped and started for every item.
    const reads = ready || (mode !== 'none' && this.heldBytes < READ_AHEAD)
    if (life === 'open' && reads !== this.#reading && !this.isGone) {
      this.#reading = reads
      this.#endpoint.setReading(reads)
    }
    if ((ready && this.length > 0) || this.drainDue) this.plan()
  }

  /** The owner may write again, which it hears on a later turn. */
  oweDrain(): void {
    this.drainDue = true
    this.plan()
  }

  deliver(): void {
    this.run(undefined)
  }

  // The loop.

  private arrived(): void {
    const { context, limits } = this.#endpoint
    if (this.heldBytes > limits.heldLimit || this.length > limits.heldLimit / BYTES_PER_ITEM) {
      this.#endpoint.heldTooMuch()
    } else if (this.#ready === 'none') {
      if (this.#demand) this.refresh()
    } else if (this.#turn === 'delivering') return
    else if (context.turns.busy > 0) this.plan()
    else this.run(undefined)
  }

  private plan(): void {
    if (this.#turn !== 'none') return
    this.#turn = 'planned'
    this.#endpoint.context.turns.deliverLater(this.#endpoint)
  }

  /** What to deliver of a chunk that need not be held, because it is a whole delivery in the owner's mode. */
  private straight(chunk: string | Uint8Array): string | Uint8Array | undefined {
    // A drain goes first, and its handler may change who reads, and how.
    if (this.drainDue || !this.isDelivery(chunk)) return undefined
    if (this.#ready === 'bytes') return typeof chunk === 'string' ? undefined : chunk
    if (this.#ready !== 'text') return undefined
    if (typeof chunk === 'string') return chunk.isWellFormed() ? chunk : undefined
    const end = chunk.byteLength
    // On a stream an incomplete character waits for its end.
    return this.messages || incompleteTail(chunk, 0, end) === 0 ? decodeUtf8(chunk, 0, end) : undefined
  }

  /** On a stream an empty chunk is nothing; an empty message is a message. */
  private isDelivery(chunk: string | Uint8Array): boolean {
    return chunk.length > 0 || this.messages
  }

  private run(first: Taken | undefined): void {
    const { turns } = this.#endpoint.context
    turns.enter()
    this.#turn = 'delivering'
    if (this.drainDue) this.deliverDrain()
    let taken = first ?? this.next()
    while (taken !== undefined) {
      this.hand(taken)
      taken = this.next()
    }
    this.#turn = 'none'
    this.trim()
    turns.leave()
  }

  private next(): Taken | undefined {
    const ready = this.#ready
    return ready === 'none' ? undefined : this.take(ready, this.#endpoint.limits.lineLimit)
  }

  private hand(taken: Taken): void {
    const endpoint = this.#endpoint
    const { handlers, mode } = this
    // Nothing is delivered without an owner, and an owner has a handle.
    const socket = endpoint.handle as Socket
    let name: string = mode
    const { owner } = endpoint
    try {
      if (typeof taken === 'string') {
        if (mode === 'line') handlers.line?.(taken, this.terminated ? TERMINATED : UNTERMINATED, socket)
        else handlers.text?.(taken, socket)
      } else if (taken instanceof Uint8Array) handlers.bytes?.(taken, socket)
      else if (taken instanceof SignalItem) {
        name = 'signal'
        handlers.signal?.(taken as unknown as InboundSignal, socket)
      } else if (taken === END) {
        name = 'end'
        if (handlers.end) handlers.end(socket)
        else endpoint.shutDown({ by: 'remote', kind: 'end', code: 'end' })
      } else if (taken === TOO_LONG) endpoint.lineTooLong()
      else endpoint.linkClosed(taken.reason)
    } catch (error) {
      if (owner) endpoint.handlerThrew(name, error, owner)
    }
  }

  private deliverDrain(): void {
    const endpoint = this.#endpoint
    const { handlers } = this
    const { owner } = endpoint
    if (endpoint.life !== 'open' || handlers === NO_HANDLERS || !owner) return
    this.drainDue = false
    if (!endpoint.outbound.unblock()) return
    try {
      handlers.drain?.(endpoint.handle as Socket)
    } catch (error) {
      endpoint.handlerThrew('drain', error, owner)
    }
  }
}
