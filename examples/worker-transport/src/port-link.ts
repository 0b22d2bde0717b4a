import type { MessagePort } from 'node:worker_threads'
import type { Address, CloseReason, Link, LinkFacts, LinkSink } from '@mudwire/core'
import { type Message, sizeOf, WINDOW } from './protocol.ts'

type Chunk = string | Uint8Array

/** One end of a connection between threads. */
export class PortLink implements Link {
  readonly shape = 'stream'
  readonly halfClose = true
  readonly encoding = 'utf8'
  readonly facts: LinkFacts = { secure: false }
  readonly local: Address
  readonly remote: Address
  readonly #port: MessagePort
  #sink: LinkSink | undefined
  /** Why it closes, once that is decided; and whether it has. */
  #reason: CloseReason | undefined
  #isClosed = false

  constructor(port: MessagePort, local: Address, remote: Address) {
    this.#port = port
    this.local = local
    this.remote = remote
    port.on('message', (message: Message) => this.#receive(message))
    port.on('close', () => this.#closed())
  }

  attach(sink: LinkSink): void {
    this.#sink = sink
    const reason = this.#reason
    // Never inside a call: the sink hears of it when this call is over.
    if (reason && this.#isClosed) queueMicrotask(() => sink.close(reason))
  }

  // Writing.

  readonly #unsent: Chunk[] = []
  #unsentBytes = 0
  /** Bytes that were posted and that the peer has not taken. */
  #underWay = 0
  #owesDrain = false

  get buffered(): number {
    return this.#unsentBytes
  }

  write(chunk: Chunk): boolean {
    if (this.#hasEnded || this.#reason) return true
    if (chunk.length > 0) this.#unsent.push(chunk)
    this.#unsentBytes += sizeOf(chunk)
    this.#send()
    this.#owesDrain = this.#unsent.length > 0
    return !this.#owesDrain
  }

  /** Posts as much as the peer has room for, and the end behind it. */
  #send(): void {
    while (this.#underWay < WINDOW) {
      const chunk = this.#unsent.shift()
      if (chunk === undefined) break
      const size = sizeOf(chunk)
      this.#unsentBytes -= size
      this.#underWay += size
      // A copy: with a view would go all the memory behind it.
      this.#post({ type: 'data', chunk: typeof chunk === 'string' ? chunk : new Uint8Array(chunk) })
    }
    if (this.#hasEnded && this.#unsent.length === 0) this.#sendEnd()
  }

  #post(message: Message): void {
    this.#port.postMessage(message)
  }

  /** The peer has made room. */
  #taken(bytes: number): void {
    this.#underWay -= bytes
    this.#send()
    if (!this.#owesDrain || this.#unsent.length > 0) return
    this.#owesDrain = false
    if (!this.#hasEnded) this.#sink?.drain()
  }

  // Reading.

  /** What has arrived and was not delivered: a window at most, and the chunk that went over it. */
  readonly #unread: Message[] = []
  #isReading = false

  pause(): void {
    this.#isReading = false
  }

  resume(): void {
    this.#isReading = true
    queueMicrotask(() => this.#deliver())
  }

  #receive(message: Message): void {
    if (this.#reason) return
    if (message.type === 'taken') this.#taken(message.bytes)
    else {
      this.#unread.push(message)
      this.#deliver()
    }
  }

  /** Looks again after every chunk: whoever got it may have paused, ended or aborted. */
  #deliver(): void {
    while (!this.#reason && (this.#isReading || this.#hasEnded)) {
      const message = this.#unread.shift()
      if (!message) return
      if (message.type === 'data') this.#take(message.chunk)
      else if (message.type === 'end') this.#takeEnd()
    }
  }

  #take(chunk: Chunk): void {
    // Taken is taken before the sink has it: it may close the port.
    this.#post({ type: 'taken', bytes: sizeOf(chunk) })
    if (!this.#hasEnded) this.#sink?.data(chunk)
  }

  // Ending.

  #hasEnded = false
  #isEndSent = false
  #hasPeerEnded = false

  end(): void {
    if (this.#hasEnded || this.#reason) return
    this.#hasEnded = true
    this.#send()
    // From now on input is discarded, also what a paused link has kept.
    queueMicrotask(() => this.#deliver())
  }

  #sendEnd(): void {
    if (this.#isEndSent) return
    this.#isEndSent = true
    this.#post({ type: 'end' })
    if (this.#hasPeerEnded) this.#close({ by: 'remote', kind: 'end', code: 'end' })
  }

  #takeEnd(): void {
    this.#hasPeerEnded = true
    if (!this.#hasEnded) this.#sink?.end()
    else if (this.#isEndSent) this.#close({ by: 'local', kind: 'end', code: 'end' })
  }

  abort(error?: Error): void {
    this.#close({ by: 'local', kind: 'abort', code: 'aborted', ...(error && { error }) })
  }

  #close(reason: CloseReason): void {
    if (this.#reason) return
    this.#reason = reason
    this.#port.close()
  }

  /** The port is closed: by us, or without a word by the other side, or with its thread. */
  #closed(): void {
    this.#isClosed = true
    this.#reason ??= { by: 'remote', kind: 'abort', code: 'reset' }
    this.#sink?.close(this.#reason)
  }
}
