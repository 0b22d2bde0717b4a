import type { Descriptor } from './descriptor.ts'

/**
 * The descriptors by their numbers. A number is never used again, so that nothing that comes too late can reach a socket
 * that it was not meant for.
 */
export class Descriptors {
  readonly #byNumber = new Map<number, Descriptor>()
  /** Those that were closed with output pending. */
  readonly #closing = new Set<Descriptor>()
  #next = 0

  /** Makes one, with the next number. */
  add(make: (number: number) => Descriptor): Descriptor {
    this.#forgetClosed()
    const descriptor = make(this.#next)
    this.#next += 1
    this.#byNumber.set(descriptor.number, descriptor)
    return descriptor
  }

  /** Has there ever been one with this number? */
  has(number: number): boolean {
    return number >= 0 && number < this.#next
  }

  /** The one with this number; undefined where it is closed. */
  get(number: number): Descriptor | undefined {
    const descriptor = this.#byNumber.get(number)
    return descriptor?.state === 'CLOSED' ? undefined : descriptor
  }

  /** It is closed, or flushes what is left to say. */
  closed(descriptor: Descriptor): void {
    if (descriptor.state === 'CLOSING') this.#closing.add(descriptor)
    else this.#byNumber.delete(descriptor.number)
  }

  /** All that are not closed, in the order of their numbers. */
  all(): readonly Descriptor[] {
    this.#forgetClosed()
    return [...this.#byNumber.values()]
  }

  #forgetClosed(): void {
    for (const descriptor of this.#closing) {
      if (descriptor.state !== 'CLOSED') continue
      this.#closing.delete(descriptor)
      this.#byNumber.delete(descriptor.number)
    }
  }
}
