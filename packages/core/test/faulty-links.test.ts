import { describe, expect, it } from 'vitest'
import {
  type Address,
  type CloseReason,
  type DatagramLink,
  type DatagramSink,
  layer,
  type Owner,
  type Socket,
  type Transport,
} from '../src/index.ts'
import type { MemoryPeer } from '../src/memory/index.ts'
import { type Fault, type FaultyLink, faulty } from './support/faulty-link.ts'
import { type Bench, settle, setUp } from './support/setup.ts'

const INSIDE: [Fault[], string][] = [
  [['throw'], 'throws'],
  [['reset'], 'is reset'],
]

describe('a link that closes itself', () => {
  it.each(INSIDE)(
    'while it is attached (%j) is offered to nobody, and nothing of it is left',
    async (plan) => {
      const bench = setUp()
      const shown: string[] = []
      const listener = bench.driver
        .owner('inetd')
        .listen(rudely(bench, [plan]), { accepted: ({ transport }) => void shown.push(transport) })
      await listener.opened
      bench.network.dial()
      await settle(bench)
      expect(shown).toEqual([])
      await isEmpty(bench)
    },
  )

  it.each(INSIDE)('while it is attached (%j) is not to be taken from a listener', async (plan) => {
    const bench = setUp()
    const listener = bench.driver.owner('inetd').listen(rudely(bench, [plan]))
    await listener.opened
    bench.network.dial()
    await settle(bench)
    expect(listener.accept()).toBeUndefined()
    await isEmpty(bench)
  })

  it.each(INSIDE)('while it is attached (%j) closes the socket that connects', async (plan) => {
    const bench = setUp()
    const closes: CloseReason[] = []
    const { socket } = await connectRudely(bench, bench.driver.owner('client'), [plan], {
      close: (reason) => closes.push(reason),
    })
    expect(socket.state).toBe('closed')
    expect(closes).toHaveLength(1)
    await isEmpty(bench)
  })
})

describe('a link that goes on', () => {
  it('behind its end reaches nobody, whatever the owner reads', async () => {
    for (const mode of ['line', 'text', 'bytes'] as const) {
      const bench = setUp()
      const heard: unknown[] = []
      const { link, peer, socket } = await connectRudely(bench, bench.driver.owner('client'), [], {
        [mode]: (data: unknown) => heard.push(data),
        end: () => heard.push('end'),
      })
      peer.end()
      await settle(bench)
      link.be('deliver')
      link.be('end')
      await settle(bench)
      expect(heard).toEqual(['end'])
      expect(socket.position.read).toBe(0)
    }
  })

  it('throwing when its time is over stops no sweep', async () => {
    const bench = setUp()
    const owner = bench.driver.owner('client')
    const one = await connectRudely(bench, owner, [])
    const other = await connectRudely(bench, owner, [])
    for (const { peer, socket } of [one, other]) {
      peer.stall()
      socket.write('farewell')
      socket.close()
    }
    one.link.plan(['throw'])
    expect(() => bench.clock.advance(60_000)).not.toThrow()
    expect([one.socket.state, other.socket.state]).toEqual(['closed', 'closed'])
    expect(one.link.broken).toBe(true)
    await isEmpty(bench)
  })
})

describe('a datagram link that is rude', () => {
  it('by calling back from inside calls: nothing is delivered in there, and the close once', async () => {
    const bench = setUp()
    const link = new RudeDatagramLink((sink) => {
      sink.datagram(Uint8Array.of(1), HERE)
      sink.datagram(Uint8Array.of(2), HERE)
    })
    let inside = false
    const heard: unknown[] = []
    const socket = bench.driver.owner('owner').bind(link.transport, {
      datagram: (bytes) => heard.push(inside ? 'inside a call' : [...bytes]),
      close: (reason) => heard.push(reason.code),
    })
    await settle(bench)
    inside = true
    socket.send(Uint8Array.of(0), HERE)
    inside = false
    bench.clock.run()
    expect(heard).toEqual([[1], [2], [1], [2]])
    socket.close()
    link.sink?.close({ by: 'transport', kind: 'error', code: 'again' })
    link.sink?.datagram(Uint8Array.of(3), HERE)
    bench.clock.run()
    expect(heard.slice(4)).toEqual(['closed'])
    await isEmpty(bench)
  })

  it.each([1, 2, 3])(
    'by throwing, in its call number %i: nobody but its own socket is harmed',
    async (call) => {
      const bench = setUp()
      let calls = 0
      const link = new RudeDatagramLink(() => {
        calls += 1
        if (calls >= call) throw new Error('on purpose')
      })
      const closes: string[] = []
      const socket = bench.driver.owner('owner').bind(link.transport, {
        datagram: () => {},
        close: (reason) => closes.push(reason.code),
      })
      await settle(bench)
      expect(socket.send(Uint8Array.of(0), HERE)).toBe(call > 2)
      socket.close()
      bench.clock.run()
      expect(closes).toHaveLength(1)
      expect(bench.errors).toEqual([])
      await isEmpty(bench)
    },
  )
})

const HERE: Address = { family: 'memory', address: 'here' }

/** Does something in every call that is made on it, before what it was called for. */
class RudeDatagramLink implements DatagramLink {
  readonly local = HERE
  readonly #inside: (sink: DatagramSink) => void
  sink: DatagramSink | undefined

  constructor(inside: (sink: DatagramSink) => void) {
    this.#inside = inside
  }

  get transport(): Transport {
    return { name: 'rude', bind: async () => this }
  }

  attach(sink: DatagramSink): void {
    this.sink = sink
    this.#inside(sink)
  }

  send(): boolean {
    if (this.sink) this.#inside(this.sink)
    return true
  }

  close(): void {
    const { sink } = this
    if (sink) this.#inside(sink)
    sink?.close({ by: 'local', kind: 'end', code: 'closed' })
    sink?.close({ by: 'local', kind: 'end', code: 'closed' })
  }
}

/** The bench's network, with links that misbehave call by call. */
function rudely(
  bench: Bench,
  plan: readonly Fault[][],
  made: (link: FaultyLink) => void = () => {},
): Transport {
  return layer(bench.network, faulty(plan, bench.clock.defer, made))
}

async function connectRudely(
  bench: Bench,
  owner: Owner,
  plan: readonly Fault[][],
  handlers: Parameters<Owner['connect']>[1] = {},
): Promise<{ readonly socket: Socket; readonly peer: MemoryPeer; readonly link: FaultyLink }> {
  let made: FaultyLink | undefined
  const transport = rudely(bench, plan, (link) => {
    made = link
  })
  const socket = owner.connect(transport, handlers)
  await settle(bench)
  const peer = bench.network.answer()
  await settle(bench)
  if (!made) throw new Error('no link was made')
  return { socket, peer, link: made }
}

/** A driver in which something is left never says that it is closed. */
async function isEmpty(bench: Bench): Promise<void> {
  let empty = false
  void bench.driver.close().then(() => {
    empty = true
  })
  bench.clock.advance(60_000)
  await settle(bench)
  expect(empty).toBe(true)
}
