import { describe, expect, it } from 'vitest'
import { createDriver, type Offer, type OfferResult, type Socket } from '../src/index.ts'
import { connected, settle, setUp } from './support/setup.ts'

const take = (offer: Offer): Socket | undefined => (offer.kind === 'stream' ? offer.acquire() : undefined)

describe('release', () => {
  it('takes an async offered that has not acquired for a decline, and reports what it rejects with', async () => {
    const bench = setUp()
    const slow = bench.driver.owner('slow', {
      async offered(offer) {
        await undefined
        expect(take(offer)).toBeUndefined()
        throw new Error('late')
      },
    })
    const { socket } = await connected(bench, bench.driver.owner('owner'))
    expect(socket.release(slow.ref)).toEqual({
      acquired: false,
      code: 'EESOCKNOTRLSD',
      reason: 'offered-is-async',
      owned: true,
    })
    await settle(bench)
    expect(bench.errors).toMatchObject([{ handler: 'offered', error: new Error('late') }])
  })

  it('is acquired when it was acquired, whatever happened then', async () => {
    const afterwards: Record<string, (socket: Socket | undefined, back: () => void) => void> = {
      throws: () => {
        throw new Error('afterwards')
      },
      closes: (socket) => socket?.close(),
      aborts: (socket) => socket?.abort(),
    }
    for (const then of Object.values(afterwards)) {
      const bench = setUp()
      const taker = bench.driver.owner('taker', { offered: (offer) => then(take(offer), () => {}) })
      const { socket } = await connected(bench, bench.driver.owner('owner'))
      expect(socket.release(taker.ref)).toEqual({ acquired: true })
      expect(socket.state).toBe('revoked')
    }
  })

  it('may be passed on inside: each result is about its own offer', async () => {
    const bench = setUp()
    const results: OfferResult[] = []
    const c = bench.driver.owner('c', { offered: (offer) => offer.decline('not me') })
    const d = bench.driver.owner('d', { offered: (offer) => void take(offer) })
    const b = bench.driver.owner('b', {
      offered(offer) {
        const socket = take(offer)
        if (!socket) return
        results.push(socket.release(c.ref))
        results.push(socket.release(d.ref))
      },
    })
    const { socket } = await connected(bench, bench.driver.owner('a'))
    expect(socket.release(b.ref)).toEqual({ acquired: true })
    expect(results).toEqual([
      { acquired: false, code: 'EESOCKNOTRLSD', reason: 'not me', owned: true },
      { acquired: true },
    ])
    expect([b.size, c.size, d.size]).toEqual([0, 0, 1])
  })

  it('to oneself mints a new handle', async () => {
    const bench = setUp()
    let again: Socket | undefined
    const owner = bench.driver.owner('owner', {
      offered(offer) {
        again = take(offer)
      },
    })
    const { socket } = await connected(bench, owner)
    expect(socket.release(owner.ref)).toEqual({ acquired: true })
    expect(socket.state).toBe('revoked')
    expect(again?.state).toBe('open')
    expect(owner.size).toBe(1)
  })

  it('ends a loop of releases after 32', async () => {
    const bench = setUp()
    let nested = 0
    let last: OfferResult | undefined
    const owner = bench.driver.owner('loop', {
      offered(offer) {
        nested += 1
        last = take(offer)?.release(owner.ref)
      },
    })
    const { socket } = await connected(bench, owner)
    expect(socket.release(owner.ref)).toEqual({ acquired: true })
    expect(nested).toBe(32)
    expect(last).toEqual({ acquired: true })
    expect(owner.size).toBe(1)
  })

  it('to a destroyed owner changes nothing', async () => {
    const bench = setUp()
    const gone = bench.driver.owner('gone', { offered: (offer) => void take(offer) })
    gone.destroy()
    expect(gone.ref.destroyed).toBe(true)
    const { socket } = await connected(bench, bench.driver.owner('owner'))
    expect(socket.release(gone.ref)).toEqual({
      acquired: false,
      code: 'EESOCKNOTRLSD',
      reason: 'target-destroyed',
      owned: true,
    })
  })

  it('answers EEBADF when the target closed the socket in the owner’s name instead of acquiring', async () => {
    const bench = setUp()
    let socket: Socket | undefined
    const closer = bench.driver.owner('closer', { offered: () => socket?.close() })
    socket = (await connected(bench, bench.driver.owner('owner'))).socket
    expect(socket.release(closer.ref)).toMatchObject({ acquired: false, code: 'EEBADF', owned: false })
  })

  it('throws for what can only be a mistake', async () => {
    const bench = setUp()
    const stranger = createDriver().owner('stranger')
    const { socket } = await connected(bench, bench.driver.owner('owner'))
    expect(() => socket.release(stranger.ref)).toThrow(/another driver/)
    expect(() => socket.release({ name: 'fake', id: 1, destroyed: false })).toThrow(/OwnerRef/)
    expect(() => socket.offer(stranger.ref)).toThrow(TypeError)
    const target = bench.driver.owner('target')
    expect(() => socket.offer(target.ref, { deadlineMs: 0 })).toThrow(/deadlineMs/)
    expect(() => socket.offer(target.ref, { deadlineMs: 60_001 })).toThrow(/deadlineMs/)
  })
})

describe('an acquire', () => {
  it('succeeds once, by its target, in time', async () => {
    const bench = setUp()
    let offer: Offer | undefined
    const target = bench.driver.owner('target', {
      offered(offered) {
        offer = offered
        expect(take(offered)).toBeDefined()
        expect(take(offered)).toBeUndefined()
        expect(offered.refused).toBe('EESOCKNOTRLSD')
      },
    })
    const { socket } = await connected(bench, bench.driver.owner('owner'))
    expect(socket.release(target.ref)).toEqual({ acquired: true })
    if (offer) expect(take(offer)).toBeUndefined()
    expect(bench.errors).toEqual([])
  })

  it('with handlers that cannot be meant throws, and the offer stays open', async () => {
    const bench = setUp()
    let socketOfTarget: Socket | undefined
    const target = bench.driver.owner('target', {
      offered(offer) {
        if (offer.kind !== 'stream') return
        expect(() => offer.acquire({ line() {}, text() {} } as never)).toThrow(/more than one/)
        expect(() => offer.acquire({ close: 'never' } as never)).toThrow(/'close' is a function/)
        expect(() => offer.acquire(7 as never)).toThrow(/an object with methods, not a number/)
        expect(() => offer.acquire({}, { softLimit: 0 })).toThrow(/softLimit/)
        expect(offer.state).toBe('open')
        socketOfTarget = offer.acquire({})
      },
    })
    const { socket } = await connected(bench, bench.driver.owner('owner'))
    expect(socket.release(target.ref)).toEqual({ acquired: true })
    expect(socketOfTarget?.state).toBe('open')
    expect(bench.errors).toEqual([])
  })

  it('is asked of the policy with the old owner and the receiver', async () => {
    const asked: string[] = []
    const bench = setUp({
      policy({ operation, owner, target, transport, kind }) {
        asked.push(`${operation} ${owner?.name} ${target?.name} ${kind} ${transport}`)
        return operation !== 'acquire' || target?.name !== 'stranger'
      },
    })
    const offered = (offer: Offer): void => void take(offer)
    const friend = bench.driver.owner('friend', { offered })
    const stranger = bench.driver.owner('stranger', { offered })
    const { socket } = await connected(bench, bench.driver.owner('owner'))
    expect(socket.release(stranger.ref)).toMatchObject({ acquired: false, code: 'EESOCKNOTRLSD' })
    expect(socket.release(friend.ref)).toEqual({ acquired: true })
    expect(asked).toEqual([
      'connect owner undefined stream memory',
      'release owner stranger stream memory',
      'acquire owner stranger stream memory',
      'release owner friend stream memory',
      'acquire owner friend stream memory',
    ])
  })

  it('without handlers leaves the socket paused until it has some', async () => {
    const bench = setUp()
    let taken: Socket | undefined
    const target = bench.driver.owner('target', {
      offered(offer) {
        taken = take(offer)
      },
    })
    const { socket, peer } = await connected(bench, bench.driver.owner('owner'), { line: () => {} })
    socket.release(target.ref)
    peer.send('one\n')
    await settle(bench)
    const seen: string[] = []
    taken?.handle({ line: (text) => seen.push(text), close: (reason) => seen.push(reason.code) })
    expect(seen).toEqual([])
    bench.clock.run()
    expect(seen).toEqual(['one'])
  })

  it('without handlers still hears of the close, when it brings some', async () => {
    const bench = setUp()
    let taken: Socket | undefined
    const target = bench.driver.owner('target', {
      offered(offer) {
        taken = take(offer)
      },
    })
    const { socket, peer } = await connected(bench, bench.driver.owner('owner'))
    socket.release(target.ref)
    peer.reset()
    await settle(bench)
    const seen: string[] = []
    const handlers = { close: ({ code }: { readonly code: string }) => void seen.push(code) }
    taken?.handle(handlers)
    expect(seen).toEqual([])
    bench.clock.run()
    taken?.handle(handlers)
    bench.clock.run()
    expect(seen).toEqual(['reset'])
  })
})

describe('an offer with time', () => {
  it('ends at its own deadline, and at five seconds without one', async () => {
    const bench = setUp()
    const never = bench.driver.owner('never', { offered: () => new Promise(() => {}) })
    const { socket } = await connected(bench, bench.driver.owner('owner'))
    const short = socket.offer(never.ref, { deadlineMs: 100 })
    bench.clock.advance(99)
    expect(socket.withdraw()).toBe(true)
    expect(await short).toMatchObject({ reason: 'withdrawn' })
    const long = socket.offer(never.ref)
    bench.clock.advance(5_000)
    expect(await long).toMatchObject({
      acquired: false,
      code: 'EESOCKNOTRLSD',
      reason: 'deadline',
      owned: true,
    })
  })

  it('is withdrawn by its signal, before or while it is open', async () => {
    const bench = setUp()
    let shown = 0
    const never = bench.driver.owner('never', {
      offered() {
        shown += 1
        return new Promise(() => {})
      },
    })
    const { socket } = await connected(bench, bench.driver.owner('owner'))
    expect(await socket.offer(never.ref, { signal: AbortSignal.abort() })).toMatchObject({
      reason: 'withdrawn',
    })
    expect(shown).toBe(0)
    const controller = new AbortController()
    const result = socket.offer(never.ref, { signal: controller.signal })
    controller.abort()
    expect(await result).toMatchObject({ reason: 'withdrawn', owned: true })
    expect(shown).toBe(1)
  })

  it('records what the owner changes meanwhile, and applies it if it keeps the socket', async () => {
    const bench = setUp()
    const never = bench.driver.owner('never', { offered: () => new Promise(() => {}) })
    const seen: string[] = []
    const { socket, peer } = await connected(bench, bench.driver.owner('owner'), {
      line: (text) => seen.push(text),
    })
    void socket.offer(never.ref)
    socket.handle({ text: (chunk) => seen.push(`text ${chunk}`) })
    socket.pause()
    peer.send('one\n')
    socket.withdraw()
    await settle(bench)
    expect(seen).toEqual([])
    socket.resume()
    await settle(bench)
    expect(seen).toEqual(['text one\n'])
  })

  it('holds reading, and the peer feels it', async () => {
    const bench = setUp()
    const never = bench.driver.owner('never', { offered: () => new Promise(() => {}) })
    const { socket, peer } = await connected(bench, bench.driver.owner('owner'), { line: () => {} })
    void socket.offer(never.ref)
    peer.send('x'.repeat(5_000_000))
    await settle(bench)
    expect(socket.state).toBe('open')
    expect(socket.position.read).toBe(0)
  })
})

it('a message is what the target is told, typed by its ref', async () => {
  const bench = setUp()
  const told: unknown[] = []
  const login = bench.driver.owner<{ readonly account: string }>('login', {
    offered(offer) {
      told.push(offer.message.account, offer.from?.name, offer.to.name, offer.transport)
      take(offer)
    },
  })
  const { socket } = await connected(bench, bench.driver.owner('owner'))
  // @ts-expect-error: the login wants to know the account
  expect(() => socket.release(login.ref)).not.toThrow()
  expect(socket.release(login.ref, { message: { account: 'ada' } })).toEqual({ acquired: true })
  expect(told).toEqual(['ada', 'owner', 'login', 'memory'])
})
