import type { Address, CloseReason, DatagramLink } from '@mudwire/core'

/** A datagram socket under test: what it calls is written down, and held against what it owes at every call. */
export class CheckedDatagramLink {
  readonly link: DatagramLink
  readonly received: { readonly bytes: Uint8Array; readonly copy: Uint8Array; readonly from: Address }[] = []
  readonly closes: CloseReason[] = []
  /** What it has done that no datagram socket may do. */
  readonly breaches: string[] = []
  #inside: string | undefined
  #closing = false

  constructor(link: DatagramLink) {
    this.link = link
  }

  attach(): this {
    this.#call('attach', () =>
      this.link.attach({
        datagram: (bytes, from) => {
          this.#check('datagram')
          this.received.push({ bytes, copy: new Uint8Array(bytes), from })
        },
        close: (reason) => {
          this.#check('close')
          this.closes.push(reason)
        },
      }),
    )
    return this
  }

  send(bytes: Uint8Array, to: Address): boolean {
    return this.#call('send', () => this.link.send(bytes, to))
  }

  close(): void {
    this.#closing = true
    this.#call('close', () => this.link.close())
  }

  #call<Result>(name: string, call: () => Result): Result {
    const outside = this.#inside
    this.#inside = name
    try {
      return call()
    } finally {
      this.#inside = outside
    }
  }

  #check(name: string): void {
    if (this.#inside) this.breaches.push(`${name} inside ${this.#inside}`)
    if (this.closes.length > 0) this.breaches.push(`${name} after the close`)
    else if (this.#closing && name === 'datagram') this.breaches.push('datagram after our close')
  }
}
