import { connect, type Socket } from 'node:net'
import type { Address } from '@mudwire/core'
import type { RawPeer } from '@mudwire/transport-conformance'
import { WireDecoder, WireEncoder } from './wire.ts'

/** A TCP client that escapes what it sends and answers no option: it shares no code with the layer. */
export function dialTelnet({ address, port = 0 }: Address): Promise<RawPeer> {
  const socket = connect({ host: address, port, allowHalfOpen: true })
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(new RawTelnet(socket))
    })
  })
}

class RawTelnet implements RawPeer {
  readonly received: Uint8Array[] = []
  onChange: (() => void) | undefined
  ended: RawPeer['ended']
  readonly #socket: Socket
  readonly #decoder = new WireDecoder()
  readonly #encoder = new WireEncoder()

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk) => {
      const data = this.#decoder.decode(chunk)
      if (data.length > 0) this.received.push(data)
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
    this.#socket.write(this.#encoder.encode(Buffer.from(data as string)))
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
