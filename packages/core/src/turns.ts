import { SocketError } from './errors.ts'

/** What has input, a drain or waiting links to deliver on a later turn. */
export interface Deliverer {
  /** Delivers what can be delivered now; calls handlers. */
  deliver(): void
}

/** What has a close to tell its owner. */
export interface Closer {
  /** Calls the owner's close handler. */
  deliverClose(): void
}

/** What has gathered writes to hand to its link. */
export interface Flusher {
  flush(): void
}

/**
 * The driver's turns. A handler runs only when no call into the driver is under way; what comes up during a call is
 * listed here and done when the outermost turn ends, or on a later one.
 */
export class Turns {
  /** How many driver calls and deliveries are on the stack. While there are any, a sink call only queues. */
  busy = 0
  /** How many releases are nested. */
  releases = 0
  /** A policy or an observer is running, and may not change sockets. */
  guarded = false
  #deferred = false
  #due: Deliverer[] = []
  #closed: Closer[] = []
  #dirty: Flusher[] = []
  readonly #defer: (task: () => void) => void

  constructor(defer: (task: () => void) => void) {
    this.#defer = defer
  }

  /** Throws where a policy or an observer tries to change something. */
  assertUnguarded(): void {
    if (this.guarded) {
      throw new SocketError(
        'EEREENTRY',
        'A policy or an observer may look at sockets but not change them; do it on a later turn.',
      )
    }
  }

  enter(): void {
    this.busy += 1
  }

  /** Ends a turn. The outermost one hands over the writes that were gathered in it. */
  leave(): void {
    if (this.busy === 1) {
      if (this.#dirty.length > 0) this.#flushAll()
      if (this.#due.length > 0 || this.#closed.length > 0) this.#plan()
    }
    this.busy -= 1
  }

  /** Delivers on a later turn. */
  deliverLater(deliverer: Deliverer): void {
    this.#due.push(deliverer)
    this.#plan()
  }

  closeLater(closer: Closer): void {
    this.#closed.push(closer)
    this.#plan()
  }

  /** Flushes when the outermost turn ends, or else on a later one. */
  flushLater(flusher: Flusher): void {
    this.#dirty.push(flusher)
    if (this.busy === 0) this.#plan()
  }

  #plan(): void {
    if (this.#deferred) return
    this.#deferred = true
    this.#defer(this.#run)
  }

  readonly #run = (): void => {
    this.#deferred = false
    // A clock that is driven from inside a handler: what is listed waits for the end of that turn.
    if (this.busy > 0) return
    const due = this.#due
    const closed = this.#closed
    this.#due = []
    this.#closed = []
    this.enter()
    for (const deliverer of due) deliverer.deliver()
    for (const closer of closed) closer.deliverClose()
    this.leave()
  }

  #flushAll(): void {
    // A flush may make another socket dirty: a link is allowed to be another driver's.
    for (let index = 0; index < this.#dirty.length; index += 1) this.#dirty[index]?.flush()
    this.#dirty = []
  }
}
