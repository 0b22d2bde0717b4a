import {
  type Address,
  type Clock,
  type CloseReason,
  type Link,
  type ListenerSink,
  systemClock,
  type Transport,
  type TransportOptions,
} from '@mudwire/core'
import { Sweep } from '../sweep.ts'
import { httpAnswer, TLS_ALERT } from './protocols.ts'
import { Visitor, type VisitorEvents } from './visitor.ts'

/** What strangers are told. */
export interface StrangerOptions {
  /** What an HTTP client is told, in plain text; say where the web page is. Default: that this port speaks telnet. */
  readonly http?: string
  /** Where time and later turns come from. Default: the environment's. */
  readonly clock?: Clock
}

/** Who says nothing is looked at for so long, and then until the next look. */
const PATIENCE_MS = 200
/** So often it is looked who has been silent: together that is at most 300 ms. */
const SWEEP_MS = 100
/** So many are waited for at a time. Others are let in at once, and looked at when they speak. */
const MOST_VISITORS = 1_000
/** Code of the error that `failed` is told, and of the close of who was let in. */
const WRONG_PROTOCOL = 'wrong-protocol'
/** Who has been told that this is the wrong port may take so long to read it. */
const FAREWELL_MS = 5_000

/**
 * Looks at the first bytes of each connection, before any parser does, and answers whoever has come to the wrong port:
 * an HTTP request gets a 400 in plain text, a TLS hello a fatal alert, and no byte of theirs is taken for a command.
 * Everybody else is let in with what they have said: at once when they speak first, else after 300 ms at most. Who turns
 * out to be a stranger only then cannot be answered any more: the connection closes, `wrong-protocol`. It belongs beneath telnet:
 *
 * ```ts
 * telnet(answerStrangers(tcp({ port: 4000 }), { http: 'This is telnet; the web page is on port 8080.' }))
 * ```
 */
export function answerStrangers<Below extends Transport>(
  transport: Below,
  options: StrangerOptions = {},
): Below {
  const { name, listen, connect, bind } = transport
  // What the transport can do stays, and nothing else is in its type.
  return {
    name,
    ...(listen && {
      listen: (sink: ListenerSink, given: TransportOptions) =>
        listen.call(transport, new Door(sink, options), given),
    }),
    ...(connect && { connect: connect.bind(transport) }),
    ...(bind && { bind: bind.bind(transport) }),
  } as Below
}

/** Stands between a transport and who listens on it. */
class Door implements ListenerSink, VisitorEvents {
  readonly #sink: ListenerSink
  readonly #http: string
  readonly #clock: Clock
  /** Those who are looked at. */
  readonly #visitors = new Set<Visitor>()
  readonly #patience: Sweep<Visitor>
  readonly #farewells: Sweep<Visitor>

  constructor(
    sink: ListenerSink,
    { http = 'This port speaks telnet.', clock = systemClock }: StrangerOptions,
  ) {
    this.#sink = sink
    this.#http = http
    this.#clock = clock
    this.#patience = new Sweep(clock, SWEEP_MS, (visitor, now) => {
      if (visitor.waitedMs(now) < PATIENCE_MS) return true
      this.ordinary(visitor)
      return false
    })
    this.#farewells = new Sweep(clock, SWEEP_MS * 10, (visitor, now) => {
      if (visitor.waitedMs(now) < FAREWELL_MS) return true
      visitor.cutOff()
      return false
    })
  }

  // What the transport calls.

  admit(remote: Address): boolean {
    return this.#sink.admit(remote)
  }

  accept(link: Link): void {
    if (link.shape === 'message') {
      this.#sink.accept(link)
      return
    }
    const visitor = new Visitor(link, this, this.#clock)
    if (this.#visitors.size >= MOST_VISITORS) {
      this.#sink.accept(visitor.letIn())
      return
    }
    this.#visitors.add(visitor)
    this.#patience.add(visitor)
    visitor.look()
  }

  failed(error: Error): void {
    this.#sink.failed(error)
  }

  close(reason: CloseReason): void {
    for (const visitor of this.#visitors) this.#turnAway(visitor, undefined, reason)
    this.#sink.close(reason)
  }

  // What visitors call.

  ordinary(visitor: Visitor): void {
    this.#forget(visitor)
    this.#sink.accept(visitor.letIn())
  }

  strange(visitor: Visitor, protocol: 'http' | 'tls', first: Uint8Array): void {
    const spoken = protocol === 'http' ? 'HTTP' : 'TLS'
    if (!this.#visitors.has(visitor)) {
      const text = `The peer spoke ${spoken} where telnet is spoken.`
      visitor.cutOff({ by: 'local', kind: 'protocol', code: WRONG_PROTOCOL, text })
      return
    }
    this.#turnAway(visitor, protocol === 'http' ? httpAnswer(first, this.#http) : TLS_ALERT)
    const message = `A peer spoke ${spoken} where telnet is spoken. It has been told so.`
    this.#sink.failed(Object.assign(new Error(message), { code: WRONG_PROTOCOL }))
  }

  /** Who has gone by themselves is let in all the same: the owner is told of their end like of any other. */
  gone(visitor: Visitor): void {
    if (this.#visitors.has(visitor)) this.ordinary(visitor)
    else this.#farewells.delete(visitor)
  }

  #turnAway(visitor: Visitor, answer: Uint8Array | undefined, reason?: CloseReason): void {
    this.#forget(visitor)
    this.#farewells.add(visitor)
    visitor.turnAway(this.#clock.now(), answer, reason)
  }

  #forget(visitor: Visitor): void {
    this.#visitors.delete(visitor)
    this.#patience.delete(visitor)
  }
}
