import type { Address, CloseReason, Link, ListenerSink } from '@mudwire/core'

/** What a listener calls, written down. */
export class Reception implements ListenerSink {
  /** The links that nobody has taken yet. */
  readonly links: Link[] = []
  readonly admitted: Address[] = []
  readonly failures: Error[] = []
  readonly closes: CloseReason[] = []
  /** What it does that no listener may do. */
  readonly breaches: string[] = []
  admits = true
  readonly #changed: () => void

  constructor(changed: () => void) {
    this.#changed = changed
  }

  admit(remote: Address): boolean {
    this.admitted.push(remote)
    return this.admits
  }

  accept(link: Link): void {
    this.#check('accept')
    this.links.push(link)
    this.#changed()
  }

  failed(error: Error): void {
    this.#check('failed')
    if (!(error instanceof Error)) this.breaches.push('failed without an error')
    this.failures.push(error)
    this.#changed()
  }

  close(reason: CloseReason): void {
    this.#check('close')
    this.closes.push(reason)
    this.#changed()
  }

  #check(name: string): void {
    if (this.closes.length > 0) this.breaches.push(`a listener's ${name} after its close`)
  }
}
