import type { Address, DatagramLink } from '@mudwire/core'
import { Checked } from '../checked.ts'

/** A datagram socket under test. */
export class CheckedDatagramLink extends Checked {
  readonly link: DatagramLink
  readonly received: { readonly bytes: Uint8Array; readonly copy: Uint8Array; readonly from: Address }[] = []
  #closing = false

  constructor(link: DatagramLink) {
    super()
    this.link = link
  }

  attach(): this {
    this.call('attach', () =>
      this.link.attach({
        datagram: (bytes, from) => {
          this.check('datagram')
          this.received.push({ bytes, copy: new Uint8Array(bytes), from })
        },
        close: (reason) => {
          this.check('close')
          this.closes.push(reason)
        },
      }),
    )
    return this
  }

  send(bytes: Uint8Array, to: Address): boolean {
    return this.call('send', () => this.link.send(bytes, to))
  }

  close(): void {
    this.#closing = true
    this.call('close', () => this.link.close())
  }

  protected override check(name: string): void {
    super.check(name)
    if (this.closes.length > 0) return
    if (this.#closing && name === 'datagram') this.breaches.push('datagram after our close')
  }
}
