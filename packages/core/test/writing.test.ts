import { describe, expect, it } from 'vitest'
import { broadcast, type CloseReason, type Layer, type Link, layer, type Socket } from '../src/index.ts'
import type { MemoryPeer } from '../src/memory/index.ts'
import { type Bench, connected, settle, setUp } from './support/setup.ts'

/** Several open sockets of one owner. */
async function several(
  bench: Bench,
  count: number,
): Promise<{ sockets: Socket[]; peers: MemoryPeer[]; closes: string[] }> {
  const closes: string[] = []
  const owner = bench.driver.owner('room')
  const all = []
  for (let index = 0; index < count; index += 1) {
    all.push(await connected(bench, owner, { line: () => {}, close: ({ code }) => closes.push(code) }))
  }
  return { sockets: all.map(({ socket }) => socket), peers: all.map(({ peer }) => peer), closes }
}

describe('writes to a stream', () => {
  it('of one turn leave together when the turn ends, for every socket that was written to', async () => {
    const bench = setUp()
    const { sockets, peers } = await several(bench, 3)
    sockets[0]?.handle({
      line() {
        for (const socket of sockets) {
          socket.write('one ')
          socket.write('two ')
        }
        expect(peers.map((peer) => peer.chunks)).toEqual([[], [], []])
      },
    })
    peers[0]?.send('go\n')
    expect(peers.map((peer) => peer.chunks)).toEqual([['one two '], ['one two '], ['one two ']])
  })

  it('outside a turn leave together on the next one', async () => {
    const bench = setUp()
    const { socket, peer } = await connected(bench, bench.driver.owner('owner'))
    socket.write('one ')
    socket.write('two')
    expect(peer.chunks).toEqual([])
    bench.clock.step()
    expect(peer.chunks).toEqual(['one two'])
  })

  it('leave at once past 32 KiB, on flush, and before a signal', async () => {
    const bench = setUp()
    const { socket, peer } = await connected(bench, bench.driver.owner('owner'), undefined, {
      softLimit: 1e6,
    })
    socket.write('x'.repeat(32 * 1024 - 1))
    expect(peer.chunks).toEqual([])
    socket.write('y')
    expect(peer.chunks).toHaveLength(1)
    socket.write('flush me')
    socket.flush()
    expect(peer.chunks[1]).toBe('flush me')
    socket.write('before the bell')
    socket.signal('bell' as never, undefined as never)
    expect(peer.chunks[2]).toBe('before the bell')
    expect(peer.signals).toEqual([{ name: 'bell', payload: undefined }])
  })

  it('become one chunk of bytes where texts, bytes and prepared text meet', async () => {
    const bench = setUp()
    const { socket, peer } = await connected(bench, bench.driver.owner('owner'))
    socket.write('é')
    socket.write(new Uint8Array([255, 0]))
    socket.write(bench.driver.prepare('∑'))
    socket.write('')
    socket.write(new Uint8Array(0))
    bench.clock.run()
    expect(peer.chunks).toEqual(
      [Buffer.from([0xc3, 0xa9, 255, 0, 0xe2, 0x88, 0x91])].map((bytes) => new Uint8Array(bytes)),
    )
    expect(socket.position.written).toBe(7)
  })

  it('go through one by one when the socket does not gather', async () => {
    const bench = setUp()
    const { socket, peer } = await connected(bench, bench.driver.owner('owner'), undefined, { gather: false })
    socket.write('one')
    socket.write('two')
    expect(peer.chunks).toEqual(['one', 'two'])
  })

  it('of the old owner leave before those of the new one', async () => {
    const bench = setUp()
    const taker = bench.driver.owner('taker', {
      offered: (offer) => void (offer.kind === 'stream' && offer.acquire()?.write('new')),
    })
    const { socket, peer } = await connected(bench, bench.driver.owner('owner'))
    socket.write('old ')
    socket.release(taker.ref)
    bench.clock.run()
    expect(peer.text).toBe('old new')
  })

  it('must be text, bytes or prepared text', async () => {
    const bench = setUp()
    const { socket } = await connected(bench, bench.driver.owner('owner'))
    for (const wrong of [undefined, null, 7, { text: 'x', size: 1 }, ['x']]) {
      expect(() => socket.write(wrong as never)).toThrow(TypeError)
    }
    expect(() => bench.driver.prepare(7 as never)).toThrow(TypeError)
  })

  it('go nowhere when the link throws, which closes the socket', async () => {
    const bench = setUp()
    const broken: Layer = (link) =>
      new Proxy(link, { get: (target, name) => (name === 'write' ? boom : bound(target, name)) })
    const boom = (): never => {
      throw new Error('a broken link')
    }
    const closes: CloseReason[] = []
    const socket = bench.driver
      .owner('owner')
      .connect(layer(bench.network, broken), { line() {}, close: (reason) => closes.push(reason) })
    await settle(bench)
    bench.network.answer()
    await settle(bench)
    socket.write('x')
    await settle(bench)
    expect(closes).toMatchObject([
      { by: 'transport', kind: 'error', code: 'link-threw', text: 'a broken link' },
    ])
  })
})

function bound(link: Link, name: string | symbol): unknown {
  const value = Reflect.get(link, name)
  return typeof value === 'function' ? value.bind(link) : value
}

describe('writes to a message link', () => {
  it('stay one message each', async () => {
    const bench = setUp({ shape: 'message' })
    const { socket, peer } = await connected(bench, bench.driver.owner('owner'))
    socket.write('one')
    socket.write('')
    socket.write(new Uint8Array([1]))
    socket.write(bench.driver.prepare('two'))
    expect(peer.chunks).toEqual([])
    bench.clock.run()
    expect(peer.chunks).toEqual(['one', '', new Uint8Array([1]), 'two'])
  })

  it('are merged where the link says that texts are a stream, and bytes are not', async () => {
    const bench = setUp({ shape: 'message', text: 'stream' })
    const { socket, peer } = await connected(bench, bench.driver.owner('owner'))
    socket.write('one ')
    socket.write(bench.driver.prepare('two'))
    socket.write(new Uint8Array([1]))
    socket.write(new Uint8Array([2]))
    socket.write('three')
    bench.clock.run()
    expect(peer.chunks).toEqual(['one two', new Uint8Array([1]), new Uint8Array([2]), 'three'])
  })

  it('stay one message each when they were written while connecting', async () => {
    const bench = setUp({ shape: 'message' })
    const socket = bench.driver.owner('owner').connect(bench.network)
    socket.write('one')
    socket.write('two')
    await settle(bench)
    const peer = bench.network.answer()
    await settle(bench)
    expect(peer.chunks).toEqual(['one', 'two'])
  })
})

describe('prepared text', () => {
  it('is encoded once for all links of one encoding', async () => {
    const bench = setUp()
    let encoded = 0
    const shouting: Layer = (link) =>
      new Proxy(link, {
        get(target, name) {
          if (name === 'encoding') return 'loud'
          if (name === 'encode') {
            return (text: string) => {
              encoded += 1
              return Buffer.from(text.toUpperCase())
            }
          }
          if (name === 'writeEncoded') return (bytes: Uint8Array) => target.write(bytes)
          return bound(target, name)
        },
      })
    const owner = bench.driver.owner('owner')
    const sockets = [1, 2, 3].map(() => owner.connect(layer(bench.network, shouting)))
    await settle(bench)
    const peers = sockets.map(() => bench.network.answer())
    await settle(bench)
    broadcast(
      sockets.map((socket) => socket.writer),
      'hello',
    )
    bench.clock.run()
    expect(peers.map((peer) => peer.text)).toEqual(['HELLO', 'HELLO', 'HELLO'])
    expect(encoded).toBe(1)
  })

  it('shares its bytes between plain streams', async () => {
    const bench = setUp()
    const { sockets, peers } = await several(bench, 2)
    broadcast(
      sockets.map((socket) => socket.writer),
      bench.driver.prepare('hello'),
    )
    bench.clock.run()
    expect(peers[0]?.chunks[0]).toBe(peers[1]?.chunks[0])
  })
})

describe('the limits', () => {
  it('tell the writer to wait, and when to go on', async () => {
    const bench = setUp()
    const drains: number[] = []
    const { socket, peer } = await connected(
      bench,
      bench.driver.owner('owner'),
      { line: () => {}, drain: (writer) => drains.push(writer.position.written) },
      { softLimit: 10 },
    )
    peer.stall()
    expect(socket.write('12345')).toBe(true)
    expect(socket.write('67890')).toBe(false)
    expect(socket.write('more')).toBe(false)
    expect(socket.writable).toBe(false)
    bench.clock.run()
    expect(drains).toEqual([])
    peer.unstall()
    bench.clock.run()
    expect(drains).toEqual([14])
    expect(socket.write('x')).toBe(true)
  })

  it('are told to go on once, though the writer filled up again before it heard of it', async () => {
    const bench = setUp()
    let drains = 0
    const { socket, peer } = await connected(
      bench,
      bench.driver.owner('owner'),
      { line: () => {}, drain: () => (drains += 1) },
      { softLimit: 10 },
    )
    peer.stall()
    socket.write('x'.repeat(10))
    bench.clock.run()
    peer.unstall()
    peer.stall()
    socket.write('y'.repeat(10))
    socket.flush()
    bench.clock.run()
    expect(drains).toBe(0)
    peer.unstall()
    bench.clock.run()
    expect(drains).toBe(1)
  })

  it('close a slow reader, and nobody else, in the middle of a broadcast', async () => {
    const bench = setUp()
    const { sockets, peers, closes } = await several(bench, 3)
    peers[1]?.stall()
    sockets[1]?.write('x'.repeat(50_000))
    sockets[1]?.flush()
    const writers = sockets.map((socket) => socket.writer)
    const big = 'y'.repeat(1024 * 1024 - 40_000)
    expect(broadcast(writers, big)).toEqual({ sent: 3, full: 0, dead: 0 })
    expect(sockets.map((socket) => socket.state)).toEqual(['open', 'closed', 'open'])
    expect(closes).toEqual([])
    bench.clock.run()
    expect(closes).toEqual(['slow-reader'])
    expect(peers[0]?.text).toBe(big)
    expect(peers[2]?.text).toBe(big)
  })

  it('travel with the socket, and may be set anew by who acquires', async () => {
    const bench = setUp()
    let mine: Socket | undefined
    const taker = bench.driver.owner('taker', {
      offered(offer) {
        if (offer.kind === 'stream') mine = offer.acquire(undefined, { hardLimit: 20 })
      },
    })
    const { socket, peer } = await connected(bench, bench.driver.owner('owner'), undefined, { softLimit: 5 })
    socket.release(taker.ref)
    peer.stall()
    expect(mine?.write('12345')).toBe(false)
    expect(mine?.write('x'.repeat(16))).toBe(false)
    expect(mine?.state).toBe('closed')
  })
})

describe('broadcast', () => {
  it('passes over and counts who is dead and who is full', async () => {
    const bench = setUp()
    const { sockets, peers } = await several(bench, 4)
    const writers = sockets.map((socket) => socket.writer)
    const taker = bench.driver.owner('taker', {
      offered: (offer) => void (offer.kind === 'stream' && offer.acquire()),
    })
    sockets[0]?.close()
    sockets[1]?.release(taker.ref)
    peers[2]?.stall()
    sockets[2]?.write('x'.repeat(70_000))
    expect(broadcast(writers, 'hello')).toEqual({ sent: 1, full: 1, dead: 2 })
    bench.clock.run()
    expect(peers.map((peer) => peer.text)).toEqual(['', '', '', 'hello'])
  })

  it('is all that a writer allows: it dies with its handle', async () => {
    const bench = setUp()
    const { socket } = await connected(bench, bench.driver.owner('owner'))
    const { writer } = socket
    expect(socket.writer).toBe(writer)
    expect(writer.write('x')).toBe(true)
    expect('release' in writer || 'close' in writer || 'handle' in writer).toBe(false)
    const taker = bench.driver.owner('taker', {
      offered: (offer) => void (offer.kind === 'stream' && offer.acquire()),
    })
    socket.release(taker.ref)
    expect([writer.alive, writer.writable]).toEqual([false, false])
    expect(() => writer.write('x')).toThrow(expect.objectContaining({ code: 'EESECURITY' }))
  })
})

describe('what is unsent', () => {
  it('is counted while it is gathered, while the peer does not take it, and while the socket closes', async () => {
    const bench = setUp()
    const { socket, peer } = await connected(bench, bench.driver.owner('owner'))
    peer.stall()
    socket.write('héllo')
    expect(socket.unsent).toBe(6)
    socket.flush()
    socket.close()
    expect(socket.unsent).toBe(6)
    peer.unstall()
    await settle(bench)
    expect(socket.unsent).toBe(0)
  })

  it('is nothing any more when the socket is closed', async () => {
    const bench = setUp()
    const { socket, peer } = await connected(bench, bench.driver.owner('owner'))
    peer.stall()
    socket.write('lost')
    socket.abort()
    expect(socket.unsent).toBe(0)
  })
})
