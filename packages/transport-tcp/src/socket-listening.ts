import type { Address, ListenerSink, Listening } from '@mudwire/core'
import type { Intake } from './intake.ts'
import type { NetServers } from './net-server.ts'

/** A listener of sockets: servers that accept, and the intake that makes links of what they accept. */
export class SocketListening implements Listening {
  readonly addresses: readonly Address[]
  readonly #servers: NetServers
  readonly #intake: Intake
  readonly #sink: ListenerSink
  readonly #cleanUp: () => void
  #closed = false

  constructor(servers: NetServers, intake: Intake, sink: ListenerSink, cleanUp: () => void = () => {}) {
    this.addresses = servers.addresses
    this.#servers = servers
    this.#intake = intake
    this.#sink = sink
    this.#cleanUp = cleanUp
  }

  pause(): void {
    this.#intake.pause()
  }

  resume(): void {
    this.#intake.resume()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    // The server's own `close` event would wait for every connection to end.
    this.#servers.close()
    this.#intake.close()
    this.#cleanUp()
    process.nextTick(() => this.#sink.close({ by: 'local', kind: 'end', code: 'closed' }))
  }
}
