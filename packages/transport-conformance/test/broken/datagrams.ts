import type { Address, DatagramLink, DatagramSink, Transport } from '@mudwire/core'
import type { DatagramCapabilities, DatagramFixture } from '../../src/index.ts'
import { memoryDatagrams } from '../support/memory-fixture.ts'
import { over } from './breach.ts'

/** A transport of datagrams that is sound but for one thing. */
export interface DatagramBreach {
  readonly rule: string
  readonly does: string
  readonly complaint: RegExp
  readonly setup: () => DatagramFixture
  readonly capabilities?: Partial<DatagramCapabilities>
}

interface Changes {
  readonly link?: Partial<DatagramLink>
  readonly sink?: (sink: DatagramSink) => Partial<DatagramSink>
}

export const datagramBreaches: readonly DatagramBreach[] = [
  {
    rule: 'says where it is bound',
    does: 'says what it was asked for',
    complaint: /not to be ''/,
    setup: withLink(() => ({ link: { local: { family: 'memory', address: '' } } })),
  },
  {
    rule: 'rejects where the address is taken',
    does: 'shares its address',
    complaint: /resolved/,
    setup: () => over(memoryDatagrams(), { rival: () => memoryDatagrams().transport }),
  },
  {
    rule: 'gives its address back when it is closed',
    does: 'keeps it for good',
    complaint: /address already in use/,
    setup: () => over(memoryDatagrams(), { rival: () => ({ name: 'memory', bind: inUse }) }),
  },
  {
    rule: 'rejects when it is stopped before it binds',
    does: 'looks at no signal',
    complaint: /resolved/,
    setup: withBind((bind) => bind({})),
  },
  {
    rule: 'is done with its signal once it is bound',
    does: 'closes when the signal is aborted later',
    complaint: /length of \+0 but got 1/,
    setup: withBind(async (bind, options) => {
      const link = await bind(options)
      options.signal?.addEventListener('abort', () => link.close())
      return link
    }),
  },
  {
    rule: 'leaves nothing behind after 1,000 sockets',
    does: 'has a timer for every socket',
    complaint: /\d{3} × Timeout/,
    setup: withLink(() => {
      setTimeout(() => {}, 60_000).unref()
      return {}
    }),
  },
  {
    rule: 'carries datagrams whole, the empty ones too, and says who sent them',
    does: 'takes an empty datagram for none',
    complaint: /in vain for a datagram/,
    setup: withLink(() => ({
      sink: (sink) => ({ datagram: (bytes, from) => bytes.length === 0 || sink.datagram(bytes, from) }),
    })),
  },
  {
    rule: 'carries datagrams whole, the empty ones too, and says who sent them',
    does: 'delivers a large datagram in two',
    complaint: /to deeply equal/,
    setup: withLink(() => ({
      sink: (sink) => ({
        datagram(bytes, from) {
          sink.datagram(bytes.slice(0, 500), from)
          if (bytes.length > 500) sink.datagram(bytes.slice(500), from)
        },
      }),
    })),
  },
  {
    rule: 'keeps the order of a sender',
    does: 'delivers the last first',
    complaint: /to deeply equal/,
    setup: withLink(() => ({ sink: lastFirst })),
  },
  {
    rule: 'tells many senders apart',
    does: 'takes every sender for the first',
    complaint: /in vain for an answer for everybody/,
    setup: withLink(() => {
      let first: Address | undefined
      return {
        sink: (sink) => ({
          datagram(bytes, from) {
            first ??= from
            sink.datagram(bytes, first)
          },
        }),
      }
    }),
  },
  {
    rule: 'gives its datagrams away: what comes later changes none of them',
    does: 'reads everything into the same memory',
    complaint: /expected -?1 to be \+0/,
    setup: withLink(() => {
      const memory = new Uint8Array(64 * 1024)
      return {
        sink: (sink) => ({
          datagram(bytes, from) {
            memory.set(bytes)
            sink.datagram(memory.subarray(0, bytes.byteLength), from)
          },
        }),
      }
    }),
  },
  {
    rule: 'says no to what it cannot send, and lives on',
    does: 'says yes to everything',
    complaint: /expected true to be false/,
    setup: withLink((link) => ({ link: { send: (bytes, to) => link.send(bytes, to) || true } })),
  },
  {
    rule: 'says no to what it cannot send, and lives on',
    does: 'sends more than it can carry',
    complaint: /expected true to be false/,
    capabilities: { largest: 1_000 },
    setup: memoryDatagrams,
  },
  {
    rule: 'delivers what it sends to itself on a later turn',
    does: 'delivers it inside send',
    complaint: /datagram inside send/,
    setup: withLink((link) => {
      let deliver: DatagramSink['datagram'] = () => {}
      return {
        link: {
          send(bytes) {
            deliver(bytes, link.local)
            return true
          },
        },
        sink(sink) {
          deliver = (bytes, from) => sink.datagram(bytes, from)
          return {}
        },
      }
    }),
  },
  {
    rule: 'closes behind what it has sent, and tells of it once',
    does: 'drops what it has not sent yet',
    complaint: /in vain for everything/,
    setup: withLink((link) => {
      let isClosed = false
      return {
        link: {
          send(bytes, to) {
            setImmediate(() => isClosed || link.send(bytes, to))
            return true
          },
          close() {
            isClosed = true
            link.close()
          },
        },
      }
    }),
  },
  {
    rule: 'closes behind what it has sent, and tells of it once',
    does: 'tells of it every time it is asked to close',
    complaint: /to match object|close after the close/,
    setup: withLink((link) => {
      let tell = (): void => {}
      return {
        link: {
          close() {
            setImmediate(() => tell())
            link.close()
          },
        },
        sink(sink) {
          tell = () => sink.close({ by: 'local', kind: 'end', code: 'closed' })
          return { close: () => {} }
        },
      }
    }),
  },
  {
    rule: 'is inert once it is closed: it sends nothing, and hears nothing',
    does: 'says that it has sent',
    complaint: /expected true to be false/,
    setup: withLink((link) => ({
      link: { send: (bytes, to) => link.send(bytes, to) || to.family === 'memory' },
    })),
  },
  {
    rule: 'tells of its close whoever attaches later',
    does: 'has told nobody',
    complaint: /in vain for the close/,
    setup: withLink((link) => {
      let isClosed = false
      return {
        link: {
          close() {
            isClosed = true
            link.close()
          },
          attach: (sink) => isClosed || link.attach(sink),
        },
      }
    }),
  },
]

type Bind = NonNullable<Transport['bind']>

/** The transport in memory, with another way to bind. */
function withBind(
  change: (bind: Bind, options: Parameters<Bind>[0]) => Promise<DatagramLink>,
): () => DatagramFixture {
  return () => {
    const fixture = memoryDatagrams()
    const { transport } = fixture
    const bind: Bind = async (options) => {
      if (!transport.bind) throw new Error('The transport in memory binds.')
      return await transport.bind(options)
    }
    return over(fixture, { transport: over(transport, { bind: (options) => change(bind, options) }) })
  }
}

/** The transport in memory, with sockets that do something otherwise. */
function withLink(change: (link: DatagramLink) => Changes): () => DatagramFixture {
  return withBind(async (bind, options) => {
    const link = await bind(options)
    const { link: changes = {}, sink: changesOf = () => ({}) } = change(link)
    const attach = changes.attach ?? link.attach
    return over(over(link, changes), { attach: (sink) => attach.call(link, over(sink, changesOf(sink))) })
  })
}

function lastFirst(sink: DatagramSink): Partial<DatagramSink> {
  const held: (() => void)[] = []
  return {
    datagram(bytes, from) {
      held.push(() => sink.datagram(bytes, from))
      if (held.length === 1) {
        setImmediate(() => {
          for (const deliver of held.splice(0).reverse()) deliver()
        })
      }
    },
  }
}

async function inUse(): Promise<DatagramLink> {
  throw new Error('address already in use')
}
