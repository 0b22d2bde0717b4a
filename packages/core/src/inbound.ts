import { type CloseReason, isClean } from './close-reason.ts'
import { type AnySocketHandlers, type LineInfo, NO_HANDLERS } from './handlers.ts'
import { CloseItem, END, SignalItem, unpinned } from './held-input.ts'
import type { Demand } from './pull.ts'
import { type Mode, Reader, type Taken, TOO_LONG } from './reader.ts'
import type { InboundSignal } from './signals.ts'
import type { Socket } from './socket.ts'
import type { StreamEndpoint } from './stream-endpoint.ts'
import type { LinkSink } from './transport.ts'
import { utf8Length } from './utf8.ts'

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
  /** The peer will send nothing more: its end or its close is held, or was delivered. */
  ended = false
  /** The link has closed; after a clean close the owner has yet to hear of it. */
  linkGone = false
  readonly #endpoint: StreamEndpoint
  /** The mode to deliver in now; `none` while nothing may be delivered. */
  #ready: Mode = 'none'
  /** Who reads on demand, if anybody does. */
  #demand: Demand | undefined
  /** What the link was told last. */
  #reading = false
  #delivering = false
  #planned = false

  constructor(endpoint: StreamEndpoint) {
    super()
    this.#endpoint = endpoint
  }

  // What the link calls.

  data(chunk: string | Uint8Array): void {
    if (this.#endpoint.context.turns.busy === 0 && this.isClear && this.#goesStraight(chunk)) {
      this.position += typeof chunk === 'string' ? utf8Length(chunk) : chunk.byteLength
      this.#run(chunk)
      return
    }
    if (this.#endpoint.life !== 'open' || this.ended) return
    this.push(this.#ready === 'none' && typeof chunk !== 'string' ? unpinned(chunk, 0) : chunk)
    this.#arrived()
  }

  signal(name: string, payload: unknown): void {
    if (this.#endpoint.life !== 'open' || this.ended) return
    this.#endpoint.keepSticky(name, payload)
    this.pushItem(new SignalItem(name, payload))
    this.#arrived()
  }

  end(): void {
    if (this.#endpoint.life !== 'open' || this.ended) return
    this.ended = true
    this.pushItem(END)
    this.#arrived()
  }

  drain(): void {
    this.#endpoint.outbound.drained()
  }

  close(reason: CloseReason): void {
    if (this.linkGone) return
    this.linkGone = true
    if (this.#endpoint.life !== 'open' || !isClean(reason)) {
      this.#endpoint.linkClosed(reason)
      return
    }
    this.ended = true
    this.pushItem(new CloseItem(reason))
    this.#arrived()
  }

  // What the endpoint calls.

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
    if (life === 'open' && reads !== this.#reading && !this.linkGone) {
      this.#reading = reads
      this.#endpoint.setReading(reads)
    }
    if ((ready && this.length > 0) || this.drainDue) this.#plan()
  }

  /** The owner may write again, which it hears on a later turn. */
  oweDrain(): void {
    this.drainDue = true
    this.#plan()
  }

  deliver(): void {
    this.#planned = false
    this.#run(undefined)
  }

  // The loop.

  #arrived(): void {
    const { context, limits } = this.#endpoint
    if (this.heldBytes > limits.heldLimit || this.length > limits.heldLimit / BYTES_PER_ITEM) {
      this.#endpoint.heldTooMuch()
    } else if (this.#ready === 'none') {
      if (this.#demand) this.refresh()
    } else if (this.#delivering) return
    else if (context.turns.busy > 0) this.#plan()
    else this.#run(undefined)
  }

  #plan(): void {
    if (this.#planned || this.#delivering) return
    this.#planned = true
    this.#endpoint.context.turns.deliverLater(this.#endpoint)
  }

  /** A chunk that need not be held: it is a whole delivery in the owner's mode. */
  #goesStraight(chunk: string | Uint8Array): boolean {
    // A drain goes first, and its handler may change who reads, and how.
    if (this.drainDue) return false
    if (this.#ready === 'text')
      return typeof chunk === 'string' && chunk.isWellFormed() && this.#isDelivery(chunk)
    if (this.#ready === 'bytes') return typeof chunk !== 'string' && this.#isDelivery(chunk)
    return false
  }

  /** On a stream an empty chunk is nothing; an empty message is a message. */
  #isDelivery(chunk: string | Uint8Array): boolean {
    return chunk.length > 0 || this.messages
  }

  #run(first: Taken | undefined): void {
    const { turns } = this.#endpoint.context
    turns.enter()
    this.#delivering = true
    if (this.drainDue) this.#deliverDrain()
    let taken = first ?? this.#take()
    while (taken !== undefined) {
      this.#hand(taken)
      taken = this.#take()
    }
    this.#delivering = false
    this.trim()
    turns.leave()
  }

  #take(): Taken | undefined {
    const ready = this.#ready
    return ready === 'none' ? undefined : this.take(ready, this.#endpoint.limits.lineLimit)
  }

  #hand(taken: Taken): void {
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

  #deliverDrain(): void {
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
