import { connect, type Socket } from 'node:net'
import type { Address } from '@mudwire/core'
import type { RawPeer } from '@mudwire/transport-conformance'

/** A plain TCP client. */
export function dialTcp(address: Address): Promise<RawPeer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address.address, port: address.port ?? 0, allowHalfOpen: true })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(new RawTcp(socket))
    })
  })
}

class RawTcp implements RawPeer {
  readonly received: Uint8Array[] = []
  onChange: (() => void) | undefined
  ended: RawPeer['ended']
  readonly #socket: Socket

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk) => {
      this.received.push(chunk)
      this.onChange?.()
    })
    socket.on('end', () => this.#end(true))
    socket.on('error', () => this.#end(false))
    socket.on('close', () => this.#end(false))
  }

  get unsent(): number {
    return this.#socket.writableLength
  }

  send(data: string | Uint8Array): void {
    this.#socket.write(data)
  }

  end(): void {
    this.#socket.end()
  }

  close(): void {
    this.#socket.end()
  }

  reset(): void {
    this.#socket.resetAndDestroy()
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  #end(clean: boolean): void {
    this.ended ??= { clean }
    this.onChange?.()
  }
}
