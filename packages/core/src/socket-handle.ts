import type { Address } from './address.ts'
import { endpointOf, Handle, mine } from './handle.ts'
import type { SilentHandlers, SocketHandlers } from './handlers.ts'
import type { Position } from './observer.ts'
import type { Writable } from './prepared.ts'
import { Pull } from './pull.ts'
import type { InboundPayload, StickySignalName } from './signals.ts'
import type { Socket, Writer } from './socket.ts'
import type { StreamEndpoint } from './stream-endpoint.ts'
import type { LinkFacts } from './transport.ts'

export class SocketHandle extends Handle<StreamEndpoint> implements Socket {
  #writer: Writer | undefined

  get local(): Address | undefined {
    return endpointOf(this).local
  }

  get remote(): Address | undefined {
    return endpointOf(this).remote
  }

  get facts(): LinkFacts | undefined {
    return endpointOf(this).facts
  }

  get position(): Position {
    return endpointOf(this).position
  }

  get opened(): Promise<Address> {
    const endpoint = endpointOf(this)
    // What was not connected from here was there from the beginning, and has its addresses.
    return endpoint.attempt?.result ?? Promise.resolve(endpoint.local as Address)
  }

  get writable(): boolean {
    const endpoint = endpointOf(this)
    return endpoint.handle === this && endpoint.outbound.writable
  }

  get unsent(): number {
    const { life, outbound } = endpointOf(this)
    return life === 'closed' ? 0 : outbound.unsent
  }

  get writer(): Writer {
    this.#writer ??= new SocketWriter(this)
    return this.#writer
  }

  write(data: Writable): boolean {
    return mine(this).outbound.write(data)
  }

  signal(name: string, payload: unknown): boolean {
    return mine(this).signalOut(name, payload)
  }

  flush(): void {
    mine(this).outbound.flush()
  }

  handle(handlers: SocketHandlers): void {
    mine(this).setHandlers(handlers)
  }

  lines(handlers: SilentHandlers = {}): AsyncIterableIterator<string> {
    return new Pull<string>(mine(this), 'line', handlers)
  }

  texts(handlers: SilentHandlers = {}): AsyncIterableIterator<string> {
    return new Pull<string>(mine(this), 'text', handlers)
  }

  chunks(handlers: SilentHandlers = {}): AsyncIterableIterator<Uint8Array> {
    return new Pull<Uint8Array>(mine(this), 'bytes', handlers)
  }

  last<Name extends StickySignalName>(name: Name): InboundPayload<Name> | undefined {
    return mine(this).last(name) as InboundPayload<Name> | undefined
  }

  abort(error?: Error): void {
    mine(this).fail({ by: 'local', kind: 'abort', code: 'aborted', ...(error && { error }) })
  }
}

class SocketWriter implements Writer {
  readonly #socket: SocketHandle

  constructor(socket: SocketHandle) {
    this.#socket = socket
  }

  get alive(): boolean {
    const { state } = this.#socket
    return state === 'connecting' || state === 'open'
  }

  get writable(): boolean {
    return this.#socket.writable
  }

  write(data: Writable): boolean {
    return this.#socket.write(data)
  }

  signal(name: string, payload: unknown): boolean {
    return this.#socket.signal(name, payload)
  }
}
