import { connect, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import type { Address } from '@mudwire/core'
import type { RawPeer } from '@mudwire/transport-conformance'

/** A plain TCP client. */
export function dialTcp({ address, port = 0 }: Address): Promise<RawPeer> {
  return dial(connect({ host: address, port, allowHalfOpen: true }), 'connect')
}

/** A plain client of a unix socket. */
export function dialUnix({ address }: Address): Promise<RawPeer> {
  const path = address.startsWith('@') ? `\0${address.slice(1)}` : address
  return dial(connect({ path, allowHalfOpen: true }), 'connect')
}

/** A TLS client that trusts `ca`. */
export function dialTls({ address, port = 0 }: Address, options: ConnectionOptions): Promise<RawPeer> {
  const raw = connect({ host: address, port, allowHalfOpen: true })
  const tls: ConnectionOptions & { readonly allowHalfOpen: boolean } = {
    ...options,
    socket: raw,
    allowHalfOpen: true,
  }
  return dial(connectTls(tls), 'secureConnect', raw)
}

function dial(socket: Socket, event: string, raw: Socket = socket): Promise<RawPeer> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once(event, () => {
      socket.off('error', reject)
      resolve(new RawSocket(socket, raw))
    })
  })
}

class RawSocket implements RawPeer {
  readonly received: Uint8Array[] = []
  onChange: (() => void) | undefined
  ended: RawPeer['ended']
  readonly #socket: Socket
  readonly #raw: Socket

  constructor(socket: Socket, raw: Socket) {
    this.#socket = socket
    this.#raw = raw
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
