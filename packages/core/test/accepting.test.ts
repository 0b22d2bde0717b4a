import { describe, expect, it } from 'vitest'
import type { CloseReason, Listener, Socket, StreamOffer } from '../src/index.ts'
import type { MemoryPeer } from '../src/memory/index.ts'
import { listenWith, settle, setUp } from './support/setup.ts'

describe('a connection that arrives', () => {
  it('is not read before somebody has acquired it', async () => {
    const bench = setUp()
    let offer: StreamOffer | undefined
    await listenWith(bench, bench.driver.owner('inetd'), (offered) => {
      offer = offered
      return new Promise(() => {})
    })
    const peer = bench.network.dial()
    peer.send('early\n')
    await settle(bench)
    expect(offer?.position).toEqual({ read: 0, written: 0 })
    const seen: string[] = []
    offer?.acquire({ line: (text) => seen.push(text) })
    bench.clock.run()
    expect(seen).toEqual(['early'])
  })

  const unanswered: [string, (offer: StreamOffer) => void | Promise<void>, string][] = [
    ['returns', () => {}, 'not-acquired'],
    [
      'throws',
      () => {
        throw new Error('on purpose')
      },
      'threw',
    ],
    ['declines', (offer) => offer.decline('full'), 'full'],
    ['settles its promise', async () => {}, 'not-acquired'],
    ['rejects its promise', () => Promise.reject(new Error('on purpose')), 'threw'],
    ['never settles its promise', () => new Promise(() => {}), 'deadline'],
  ]
  it.each(unanswered)('is refused when its handler %s', async (_what, accepted, code) => {
    const closed: CloseReason[] = []
    const declined: string[] = []
    const bench = setUp({
      observer: {
        closed: (_socket, reason) => closed.push(reason),
        declined: (_socket, _from, to, { reason }) => declined.push(`${to.name}: ${reason}`),
      },
    })
    await listenWith(bench, bench.driver.owner('inetd'), accepted)
    const peer = bench.network.dial()
    peer.send('hello\n')
    await settle(bench)
    bench.clock.advance(4_999)
    expect(peer.ended).toBe(code !== 'deadline')
    bench.clock.advance(10)
    await settle(bench)
    expect(peer.ended).toBe(true)
    expect(peer.chunks).toEqual([])
    expect(declined).toEqual([`inetd: ${code}`])
    expect(closed).toMatchObject([{ by: 'local', kind: 'end', code }])
    expect(bench.errors.map(({ handler }) => handler)).toEqual(code === 'threw' ? ['accepted'] : [])
  })

  it('may be acquired while the handler waits', async () => {
    const bench = setUp()
    const sockets: (Socket | undefined)[] = []
    await listenWith(bench, bench.driver.owner('inetd'), async (offer) => {
      await undefined
      sockets.push(offer.acquire({ line: () => {} }))
    })
    bench.network.dial()
    await settle(bench)
    bench.clock.advance(10_000)
    expect(sockets.map((socket) => socket?.state)).toEqual(['open'])
  })

  it('is dropped without a word when it is not admitted', async () => {
    const bench = setUp()
    const asked: string[] = []
    const listener = bench.driver.owner('inetd').listen(bench.network, {
      admit(remote) {
        asked.push(remote.address)
        if (asked.length === 2) throw new Error('on purpose')
        return false
      },
      accepted: () => {
        throw new Error('not to be called')
      },
    })
    await listener.opened
    const peers = [bench.network.dial(), bench.network.dial()]
    expect(asked).toHaveLength(2)
    expect(peers.map((peer) => peer.closed?.code)).toEqual(['reset', 'reset'])
    expect(bench.errors.map(({ handler }) => handler)).toEqual(['admit'])
  })

  it('is refused with a word of its own where the policy does not want it', async () => {
    const refused: CloseReason[] = []
    const bench = setUp({
      policy: ({ operation }) => operation !== 'accept',
      observer: { refused: (_remote, _listener, reason) => refused.push(reason) },
    })
    await listenWith(bench, bench.driver.owner('inetd'), (offer) => void offer.acquire())
    const peer = bench.network.dial()
    await settle(bench)
    expect(refused).toMatchObject([{ code: 'policy', wire: 1008 }])
    expect(peer.closed).toMatchObject({ code: 'policy', wire: 1008 })
  })

  it('is refused likewise where the policy lets nobody acquire it', async () => {
    const bench = setUp({ policy: ({ operation }) => operation !== 'acquire' })
    const refusals: unknown[] = []
    await listenWith(bench, bench.driver.owner('inetd'), (offer) => {
      refusals.push(offer.acquire(), offer.refused)
    })
    const peer = bench.network.dial()
    await settle(bench)
    expect(refusals).toEqual([undefined, 'EESECURITY'])
    expect(peer.closed).toMatchObject({ code: 'policy', wire: 1008 })
  })
})

describe('a listener that nobody serves', () => {
  async function paused(): Promise<{
    bench: ReturnType<typeof setUp>
    listener: Listener
    seen: string[]
    refused: CloseReason[]
  }> {
    const refused: CloseReason[] = []
    const bench = setUp({ observer: { refused: (_remote, _listener, reason) => refused.push(reason) } })
    const seen: string[] = []
    const listener = await listenWith(bench, bench.driver.owner('inetd'), (offer) => {
      offer.acquire({ line: (text) => seen.push(text) })
    })
    listener.pause()
    return { bench, listener, seen, refused }
  }

  const dial = (bench: ReturnType<typeof setUp>, count: number): MemoryPeer[] =>
    Array.from({ length: count }, (_, index) => {
      const peer = bench.network.dial()
      peer.send(`${index}\n`)
      return peer
    })

  it('lets 128 of 200 connections wait and serves them later; the others are refused', async () => {
    const { bench, listener, seen, refused } = await paused()
    const peers = dial(bench, 200)
    await settle(bench)
    expect(listener.waiting).toBe(128)
    expect(seen).toEqual([])
    expect(refused).toHaveLength(72)
    expect(refused[0]).toMatchObject({ code: 'queue-full', wire: 1013 })
    expect(peers.filter((peer) => peer.ended)).toEqual(peers.slice(128))
    listener.resume()
    bench.clock.run()
    expect(listener.waiting).toBe(0)
    expect(seen).toEqual(Array.from({ length: 128 }, (_, index) => `${index}`))
  })

  it('refuses who has waited for a minute', async () => {
    const { bench, listener, refused } = await paused()
    dial(bench, 2)
    bench.clock.advance(30_000)
    dial(bench, 1)
    bench.clock.advance(31_000)
    expect(listener.waiting).toBe(1)
    expect(refused).toMatchObject([{ code: 'waited-too-long' }, { code: 'waited-too-long' }])
  })

  it('is handed over with everybody who waits', async () => {
    const { bench, listener } = await paused()
    const seen: string[] = []
    const service = bench.driver.owner('service', {
      offered(offer) {
        if (offer.kind !== 'listener') return
        offer.acquire({
          accepted: (arrival) => void arrival.acquire({ line: (text) => seen.push(`service ${text}`) }),
        })
      },
    })
    dial(bench, 2)
    expect(listener.release(service.ref)).toEqual({ acquired: true })
    expect(listener.state).toBe('revoked')
    expect(seen).toEqual([])
    bench.clock.run()
    dial(bench, 1)
    bench.clock.run()
    expect(seen).toEqual(['service 0', 'service 1', 'service 0'])
  })

  it('lets them wait while it is on offer', async () => {
    const { bench, listener, seen } = await paused()
    listener.resume()
    const service = bench.driver.owner('service', { offered: () => new Promise(() => {}) })
    const result = listener.offer(service.ref)
    dial(bench, 1)
    await settle(bench)
    expect(listener.waiting).toBe(1)
    expect(listener.withdraw()).toBe(true)
    expect(await result).toMatchObject({
      acquired: false,
      code: 'EESOCKNOTRLSD',
      reason: 'withdrawn',
      owned: true,
    })
    bench.clock.run()
    expect(seen).toEqual(['0'])
  })

  it('gives them out one by one to who asks', async () => {
    const bench = setUp()
    const listener = bench.driver.owner('inetd').listen(bench.network)
    await listener.opened
    expect(listener.accept()).toBeUndefined()
    dial(bench, 2)
    expect(listener.waiting).toBe(2)
    const seen: string[] = []
    expect(() => listener.accept({ line: 1 as never })).toThrow(TypeError)
    const first = listener.accept({ line: (text) => seen.push(text) })
    expect(seen).toEqual([])
    bench.clock.run()
    expect(seen).toEqual(['0'])
    expect(first?.state).toBe('open')
    expect(listener.waiting).toBe(1)
  })

  it('refuses them when it closes, and says so once', async () => {
    const { bench, listener, refused } = await paused()
    const closed: CloseReason[] = []
    listener.handle({ closed: (reason) => closed.push(reason) })
    const [peer] = dial(bench, 1)
    listener.close({ code: 'drain' })
    listener.close()
    expect(closed).toEqual([])
    await settle(bench)
    expect(refused).toMatchObject([{ code: 'listener-closed', wire: 1001 }])
    expect(peer?.ended).toBe(true)
    expect(closed).toEqual([{ by: 'local', kind: 'end', code: 'drain' }])
    expect(() => bench.network.dial()).toThrow('Nobody listens')
  })
})

describe('listening', () => {
  it('tells a taken address as EEADDRINUSE, to who waits and to who observes', async () => {
    const failed: string[] = []
    const bench = setUp({ observer: { failed: (_listener, error) => failed.push(error.code) } })
    const owner = bench.driver.owner('inetd')
    await owner.listen(bench.network).opened
    const closed: string[] = []
    const second = owner.listen(bench.network, { closed: (reason) => closed.push(reason.code) })
    expect(second.state).toBe('connecting')
    await expect(second.opened).rejects.toMatchObject({ name: 'SocketError', code: 'EEADDRINUSE' })
    await settle(bench)
    expect(second.state).toBe('closed')
    expect(closed).toEqual(['listen-failed'])
    expect(failed).toEqual(['EEADDRINUSE'])
  })

  it('survives a transport that throws, which is told to the error hook', async () => {
    const bench = setUp()
    const broken = (): never => {
      throw new Error('a broken transport')
    }
    const listener = bench.driver.owner('inetd').listen({
      name: 'broken',
      listen: async () => ({ addresses: [], pause: broken, resume: broken, close: broken }),
    })
    await listener.opened
    listener.pause()
    listener.resume()
    listener.close()
    expect(bench.errors.map(({ handler }) => handler)).toEqual([
      'transport.pause',
      'transport.resume',
      'transport.close',
    ])
    // Nothing is stuck: the driver goes on as before.
    const second = bench.driver
      .owner('other')
      .listen(bench.network, { accepted: (offer) => void offer.acquire() })
    await second.opened
    bench.network.dial()
    expect(second.waiting).toBe(0)
  })

  it('is refused by a transport that cannot, and by the policy', () => {
    const bench = setUp({ policy: ({ operation }) => operation !== 'listen' })
    const owner = bench.driver.owner('inetd')
    expect(() => owner.listen({ name: 'mute' })).toThrow(expect.objectContaining({ code: 'EEMODENOTSUPP' }))
    expect(() => owner.listen(bench.network)).toThrow(expect.objectContaining({ code: 'EESECURITY' }))
  })
})
