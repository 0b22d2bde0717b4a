import { connect, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import type { Address } from '@mudwire/core'
import type { RawPeer } from '@mudwire/transport-conformance'

/** How what is sent and received stands on the wire, where that is not the same. */
export interface Wire {
  encode(data: Uint8Array): Uint8Array
  decode(chunk: Uint8Array): Uint8Array
}

/** A plain TCP client. */
export function dialTcp({ address, port = 0 }: Address, wire?: Wire): Promise<RawPeer> {
  const socket = connect({ host: address, port, allowHalfOpen: true })
  return dial(socket, 'connect', { raw: socket, wire })
}

/** A plain client of a unix socket. */
export function dialUnix({ address }: Address): Promise<RawPeer> {
  const path = address.startsWith('@') ? `\0${address.slice(1)}` : address
  const socket = connect({ path, allowHalfOpen: true })
  return dial(socket, 'connect', { raw: socket })
}

/** A TLS client that trusts `ca`. */
export function dialTls(
  { address, port = 0 }: Address,
  options: ConnectionOptions,
  wire?: Wire,
): Promise<RawPeer> {
  const raw = connect({ host: address, port, allowHalfOpen: true })
  const tls: ConnectionOptions & { readonly allowHalfOpen: boolean } = {
    ...options,
    socket: raw,
    allowHalfOpen: true,
  }
  return dial(connectTls(tls), 'secureConnect', { raw, wire })
}

interface Beneath {
  /** The socket that can be reset. */
  readonly raw: Socket
  readonly wire?: Wire | undefined
}

function dial(socket: Socket, event: string, beneath: Beneath): Promise<RawPeer> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once(event, () => {
      socket.off('error', reject)
      resolve(new RawSocket(socket, beneath))
    })
  })
}

class RawSocket implements RawPeer {
  readonly received: Uint8Array[] = []
  onChange: (() => void) | undefined
  ended: RawPeer['ended']
  readonly #socket: Socket
  readonly #raw: Socket
  readonly #wire: Wire | undefined

  constructor(socket: Socket, { raw, wire }: Beneath) {
    this.#socket = socket
    this.#raw = raw
    this.#wire = wire
    socket.on('data', (chunk) => {
      const data = wire ? wire.decode(chunk) : chunk
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
    this.#socket.write(this.#wire ? this.#wire.encode(Buffer.from(data as string)) : data)
  }

  end(): void {
    this.#socket.end()
  }

  close(): void {
    this.#socket.end()
  }

  reset(): void {
    // What has no reset is closed as it is.
    if (this.#raw.remoteAddress) this.#raw.resetAndDestroy()
    else this.#socket.destroy()
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
