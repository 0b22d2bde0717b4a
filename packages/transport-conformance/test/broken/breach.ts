import type { Link, LinkSink, ListenerSink, Listening, Transport } from '@mudwire/core'
import type { Capabilities, Fixture } from '../../src/index.ts'
import { memoryFixture, type WholeTransport } from '../support/memory-fixture.ts'

/** A transport that is sound but for one thing. */
export interface Breach {
  /** The rule that it breaks. */
  readonly rule: string
  /** What it does. */
  readonly does: string
  /** What the kit says to it. */
  readonly complaint: RegExp
  readonly setup: () => Fixture
  readonly capabilities?: Partial<Capabilities>
}

/** What a link does otherwise, in what is called on it, and in what it calls. */
export interface LinkChanges {
  readonly link?: Partial<Link>
  readonly sink?: (sink: LinkSink) => Partial<LinkSink>
}

/** The transport in memory, with links that do something otherwise. */
export function withLink(
  change: (link: Link) => LinkChanges,
  shape: 'stream' | 'message' = 'stream',
): () => Fixture {
  return () => memoryFixture({ shape, link: (link) => changedLink(link, change(link)) })
}

function changedLink(link: Link, { link: changes = {}, sink: changesOf = () => ({}) }: LinkChanges): Link {
  const attach = changes.attach ?? link.attach
  const listened: Partial<Link> = { attach: (sink) => attach.call(link, over(sink, changesOf(sink))) }
  return over(over(link, changes), listened)
}

/** What a listener does otherwise. */
export interface ListenerChanges {
  readonly sink?: (sink: ListenerSink) => Partial<ListenerSink>
  readonly listening?: (listening: Listening, sink: ListenerSink) => Partial<Listening>
}

/** The transport in memory, with listeners that do something otherwise. */
export function withListener({ sink: sinkOf, listening: listeningOf }: ListenerChanges): () => Fixture {
  return withTransport((transport) => ({
    async listen(sink, options) {
      const listening = await transport.listen(over(sink, sinkOf?.(sink) ?? {}), options)
      return over(listening, listeningOf?.(listening, sink) ?? {})
    },
  }))
}

/** The transport in memory, with other ways to listen and to connect. */
export function withTransport(change: (transport: WholeTransport) => Partial<Transport>): () => Fixture {
  return () => memoryFixture({ transport: (transport) => over(transport, change(transport)) })
}

/** An object that looks like another, and does what is changed otherwise. */
export function over<Whole extends object>(whole: Whole, changes: Partial<Whole>): Whole {
  return new Proxy(whole, {
    get(target, name) {
      if (Object.hasOwn(changes, name)) return Reflect.get(changes, name)
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
