import { EventEmitter, once } from 'node:events'
import type { Address, CloseReason, Link, LinkSink, ListenerSink, Listening } from '@mudwire/core'
import type { RawPeer } from './fixture.ts'

/** So long may anything take that a test waits for. */
const PATIENCE_MS = 10_000

/** Waits until a condition holds, looking again at every event. */
class Waiting {
  readonly #events = new EventEmitter()

  changed(): void {
    this.#events.emit('change')
  }

  async until(what: string, holds: () => boolean): Promise<void> {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    while (!holds()) {
      await once(this.#events, 'change', { signal }).catch(() => {
        throw new Error(`Waited ${PATIENCE_MS} ms in vain: ${what}.`)
      })
    }
  }
}

/** What a link calls, written down, with the rules that hold of every call. */
export class Hearing extends Waiting implements LinkSink {
  readonly link: Link
  readonly chunks: (string | Uint8Array)[] = []
  ends = 0
  drains = 0
  readonly closes: CloseReason[] = []
  /** Breaches of what every link owes: calls inside calls, calls after the close. */
  readonly breaches: string[] = []
  /** Looks at each chunk, inside the call. */
  onData: ((chunk: string | Uint8Array) => void) | undefined
  #inside = ''

  constructor(link: Link) {
    super()
    this.link = link
  }

  /** Calls the link; it must not call back before it returns. */
  call<Result>(name: string, call: (link: Link) => Result): Result {
    this.#inside = name
    try {
      return call(this.link)
    } finally {
      this.#inside = ''
    }
  }

  attach(): this {
    this.call('attach', (link) => link.attach(this))
    return this
  }

  read(): this {
    this.attach()
    this.call('resume', (link) => link.resume())
    return this
  }

  get bytes(): Uint8Array {
    return bytesOf(this.chunks)
  }

  get text(): string {
    return Buffer.from(this.bytes).toString()
  }

  data(chunk: string | Uint8Array): void {
    this.#check('data')
    this.chunks.push(chunk)
    this.onData?.(chunk)
    this.changed()
  }

  signal(): void {
    this.#check('signal')
  }

  end(): void {
    this.#check('end')
    this.ends += 1
    this.changed()
  }

  drain(): void {
    this.#check('drain')
    this.drains += 1
    this.changed()
  }

  close(reason: CloseReason): void {
    this.#check('close')
    this.closes.push(reason)
    this.changed()
  }

  #check(name: string): void {
    if (this.#inside) this.breaches.push(`${name} inside ${this.#inside}`)
    if (this.closes.length > 0) this.breaches.push(`${name} after the close`)
  }
}

/** What a listener calls, written down. */
export class Reception extends Waiting implements ListenerSink {
  readonly links: Link[] = []
  readonly admitted: Address[] = []
  readonly failures: Error[] = []
  readonly closes: CloseReason[] = []
  admits = true
  listening: Listening | undefined

  admit(remote: Address): boolean {
    this.admitted.push(remote)
    return this.admits
  }

  accept(link: Link): void {
    this.links.push(link)
    this.changed()
  }

  failed(error: Error): void {
    this.failures.push(error)
    this.changed()
  }

  close(reason: CloseReason): void {
    this.closes.push(reason)
    this.changed()
  }

  /** The next link that arrives. */
  async next(): Promise<Hearing> {
    await this.until('a link', () => this.links.length > 0)
    // It is there: that was waited for.
    return new Hearing(this.links.shift() as Link)
  }
}

/** Waits for something to become true of a client. */
export async function untilPeer(peer: RawPeer, what: string, holds: () => boolean): Promise<void> {
  const waiting = new Waiting()
  peer.onChange = () => waiting.changed()
  await waiting.until(what, holds)
}

export function bytesOf(chunks: readonly (string | Uint8Array)[]): Uint8Array {
  return Buffer.concat(chunks.map((chunk) => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk)))
}
