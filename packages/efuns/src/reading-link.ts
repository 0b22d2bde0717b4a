import type { Address, Clock, CloseReason, Link, LinkFacts, LinkSink } from '@mudwire/core'
import type { Cutter } from './cutter.ts'
import { CONNECTED } from './signals.ts'

/** What a reading link does, beside what the link beneath it does. */
export interface Reading {
  readonly cutter: Cutter
  /** Say when it can be written to. Whoever connects waits for that; who accepts does not, but in the TLS modes. */
  readonly announces: boolean
  readonly clock: Pick<Clock, 'defer'>
}

/** A listener of this driver waits two turns for more connections, and is to hear of this one first, as in MudOS. */
const ANNOUNCING_TURNS = 3

function afterTurns(clock: Pick<Clock, 'defer'>, turns: number, task: () => void): void {
  clock.defer(turns === 1 ? task : () => afterTurns(clock, turns - 1, task))
}

/**
 * A link whose every message is one read callback: what a cutter makes of the stream beneath it. Because that is done
 * below core, core holds whole pieces, and looks after each of them anew at whose the socket is.
 */
export class ReadingLink implements Link {
  readonly #link: Link
  readonly #reading: Reading

  constructor(link: Link, reading: Reading) {
    this.#link = link
    this.#reading = reading
  }

  get shape(): 'message' {
    return 'message'
  }

  /** What is written is a stream still. */
  get text(): 'stream' {
    return 'stream'
  }

  get halfClose(): boolean {
    return this.#link.halfClose
  }

  get encoding(): string {
    return this.#link.encoding
  }

  get local(): Address {
    return this.#link.local
  }

  get remote(): Address {
    return this.#link.remote
  }

  get facts(): LinkFacts {
    return this.#link.facts
  }

  get buffered(): number {
    return this.#link.buffered
  }

  attach(sink: LinkSink): void {
    const { clock, announces } = this.#reading
    const cutting = new CuttingSink(sink, this.#reading)
    this.#link.attach(cutting)
    if (announces) afterTurns(clock, ANNOUNCING_TURNS, () => cutting.announce())
  }

  write(chunk: string | Uint8Array): boolean {
    return this.#link.write(chunk)
  }

  pause(): void {
    this.#link.pause()
  }

  resume(): void {
    this.#link.resume()
  }

  end(reason?: CloseReason): void {
    this.#link.end(reason)
  }

  abort(error?: Error): void {
    this.#link.abort(error)
  }
}

/** What the link beneath calls. */
class CuttingSink implements LinkSink {
  readonly #sink: LinkSink
  readonly #cutter: Cutter
  #announces: boolean

  constructor(sink: LinkSink, { cutter, announces }: Reading) {
    this.#sink = sink
    this.#cutter = cutter
    this.#announces = announces
  }

  announce(): void {
    if (!this.#announces) return
    this.#announces = false
    this.#sink.signal(CONNECTED, undefined)
  }

  data(chunk: string | Uint8Array): void {
    this.announce()
    this.#cutter.cut(typeof chunk === 'string' ? Buffer.from(chunk) : chunk, this.#sink)
  }

  /** The efuns know no signals. */
  signal(): void {}

  end(): void {
    this.announce()
    this.#cutter.finish(this.#sink)
    this.#sink.end()
  }

  drain(): void {
    this.#sink.drain()
  }

  close(reason: CloseReason): void {
    if (reason.kind === 'end') {
      this.announce()
      this.#cutter.finish(this.#sink)
    }
    this.#announces = false
    this.#sink.close(reason)
  }
}
