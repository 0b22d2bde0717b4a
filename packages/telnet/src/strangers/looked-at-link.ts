import type { Address, CloseReason, Link, LinkFacts, LinkSink } from '@mudwire/core'
import type { Delivery } from '../delivery.ts'

const encoder = new TextEncoder()
const NONE: ReadonlySet<string> = new Set()

/** A link whose first bytes have been read: whoever reads gets them first. Everything else is the link below. */
export class LookedAtLink implements Link {
  readonly #link: Link
  readonly #delivery: Delivery

  /** What the link below says comes by way of `delivery`. */
  constructor(link: Link, delivery: Delivery) {
    this.#link = link
    this.#delivery = delivery
  }

  get shape(): 'stream' {
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

  get stickySignals(): ReadonlySet<string> {
    return this.#link.stickySignals ?? NONE
  }

  get buffered(): number {
    return this.#link.buffered
  }

  attach(sink: LinkSink): void {
    this.#delivery.attach(sink)
  }

  write(chunk: string | Uint8Array): boolean {
    return this.#link.write(chunk)
  }

  encode(text: string): Uint8Array {
    return this.#link.encode?.(text) ?? encoder.encode(text)
  }

  writeEncoded(encoded: Uint8Array): boolean {
    return this.#link.writeEncoded?.(encoded) ?? this.#link.write(encoded)
  }

  cork(): void {
    this.#link.cork?.()
  }

  uncork(): boolean {
    return this.#link.uncork?.() ?? this.#link.buffered === 0
  }

  signal(name: string, payload: unknown): boolean {
    return this.#link.signal?.(name, payload) ?? false
  }

  pause(): void {
    this.#delivery.pause()
    this.#link.pause()
  }

  resume(): void {
    this.#delivery.resume()
    this.#link.resume()
  }

  end(reason?: CloseReason): void {
    this.#delivery.ending()
    this.#link.end(reason)
  }

  abort(error?: Error): void {
    this.#delivery.ending()
    this.#link.abort(error)
  }
}
