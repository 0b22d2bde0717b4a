import { describe, expect, it } from 'vitest'
import { createDriver, type Inherited, type Offer, type Owner, type OwnerRef } from '../src/index.ts'
import { connected, listenWith, settle, setUp } from './support/setup.ts'

describe('an owner that is destroyed', () => {
  it('takes nothing more: open offers to it are declined', async () => {
    const bench = setUp()
    const target = bench.driver.owner('target', { offered: () => new Promise(() => {}) })
    const { socket } = await connected(bench, bench.driver.owner('owner'))
    const result = socket.offer(target.ref)
    target.destroy()
    expect(await result).toEqual({
      acquired: false,
      code: 'EESOCKNOTRLSD',
      reason: 'target-destroyed',
      owned: true,
    })
  })

  it('is not kept in memory, nor is its heir, by somebody who still has a ref to it', async () => {
    const bench = setUp()
    const kept: WeakRef<object>[] = []
    const ownerWith = (heir: OwnerRef<Inherited> | undefined): Owner => {
      const behind = { handlers: 'and what they know' }
      kept.push(new WeakRef(behind))
      const offered = (): void => void behind.handlers
      return bench.driver.owner('owner', heir ? { offered, heir } : { offered })
    }
    const owner = ownerWith(ownerWith(undefined).ref)
    owner.destroy()
    await settle(bench)
    expect(globalThis.gc, 'the tests run with --expose-gc').toBeDefined()
    globalThis.gc?.()
    expect(kept.map((behind) => behind.deref())).toEqual([undefined, undefined])
    expect(owner.ref.destroyed).toBe(true)
  })

  it('in its own offered has not acquired', async () => {
    const bench = setUp()
    const target = bench.driver.owner('target', {
      offered(offer) {
        target.destroy()
        expect(offer.state).toBe('declined')
        if (offer.kind === 'stream') expect(offer.acquire()).toBeUndefined()
      },
    })
    const { socket } = await connected(bench, bench.driver.owner('owner'))
    expect(socket.release(target.ref)).toMatchObject({
      acquired: false,
      reason: 'target-destroyed',
      owned: true,
    })
  })

  it('that had just acquired is still reported as acquired', async () => {
    const bench = setUp()
    const target = bench.driver.owner('target', {
      offered(offer) {
        if (offer.kind === 'stream') offer.acquire()
        target.destroy()
      },
    })
    const { socket, peer } = await connected(bench, bench.driver.owner('owner'))
    expect(socket.release(target.ref)).toEqual({ acquired: true })
    await settle(bench)
    expect(peer.closed?.code).toBe('owner-destroyed')
  })

  it('can neither listen nor connect', () => {
    const bench = setUp()
    const owner = bench.driver.owner('owner')
    owner.destroy()
    expect(() => owner.listen(bench.network)).toThrow(/destroyed/)
    expect(() => owner.connect(bench.network)).toThrow(/destroyed/)
  })

  it('leaves its sockets and listeners to the heir, one offer each, with everything that waits', async () => {
    const bench = setUp()
    const got: string[] = []
    const heir = bench.driver.owner<Inherited>('heir', {
      offered(offer) {
        got.push(`${offer.kind} ${offer.message.inherited} ${offer.from?.name}`)
        if (offer.kind === 'stream') offer.acquire({ line: (text) => got.push(text) })
        else offer.acquire({ accepted: (arrival) => void arrival.acquire() })
      },
    })
    const owner = bench.driver.owner('owner', { heir: heir.ref })
    const { peer } = await connected(bench, owner, { line: (_text, _info, socket) => socket.pause() })
    const listener = await listenWith(bench, owner, (offer) => void offer.acquire())
    listener.pause()
    bench.network.dial()
    peer.send('one\ntwo\n')
    owner.destroy()
    bench.clock.run()
    expect(got.sort()).toEqual(['listener true owner', 'stream true owner', 'two'])
    expect(heir.size).toBe(3)
    expect(owner.size).toBe(0)
  })

  it.each([
    ['declines', (offer: Offer<Inherited>) => offer.decline()],
    ['does nothing', () => {}],
    [
      'throws',
      () => {
        throw new Error('on purpose')
      },
    ],
    ['is dead', undefined],
  ] as const)(
    'closes them, flushing, where the heir %s; the heir’s own heir is not asked',
    async (_what, offered) => {
      const bench = setUp()
      const last = bench.driver.owner('last', {
        offered: (offer) => void (offer.kind === 'stream' && offer.acquire()),
      })
      const heir = bench.driver.owner<Inherited>('heir', { ...(offered && { offered }), heir: last.ref })
      if (!offered) heir.destroy()
      const owner = bench.driver.owner('owner', { heir: heir.ref })
      const { socket, peer } = await connected(bench, owner)
      socket.write('bye')
      owner.destroy()
      await settle(bench)
      expect(peer.text).toBe('bye')
      expect(peer.closed?.code).toBe('owner-destroyed')
      expect(last.size).toBe(0)
    },
  )

  it('owes the heir the drain that was owed to it', async () => {
    const bench = setUp()
    const told: string[] = []
    const heir = bench.driver.owner<Inherited>('heir', {
      offered: (offer) =>
        void (offer.kind === 'stream' && offer.acquire({ line: () => {}, drain: () => told.push('drain') })),
    })
    const owner = bench.driver.owner('owner', { heir: heir.ref })
    const { socket, peer } = await connected(bench, owner, { line: () => {} }, { softLimit: 5 })
    peer.stall()
    socket.write('12345')
    bench.clock.run()
    owner.destroy()
    peer.unstall()
    bench.clock.run()
    expect(told).toEqual(['drain'])
  })

  it('is disposed of by `using`', async () => {
    const bench = setUp()
    let ref: OwnerRef
    {
      using owner = bench.driver.owner('short-lived')
      ref = owner.ref
      expect(ref.destroyed).toBe(false)
    }
    expect(ref.destroyed).toBe(true)
  })
})

describe('a ref', () => {
  it('names its owner and gives nothing away', () => {
    const bench = setUp()
    const owner = bench.driver.owner('owner')
    expect(owner.ref.name).toBe('owner')
    expect(owner.ref).toBe(owner.ref)
    const reachable = Object.getOwnPropertyNames(Object.getPrototypeOf(owner.ref))
    expect(Object.keys(owner.ref)).toEqual([])
    expect(reachable.sort()).toEqual(['constructor', 'destroyed', 'id', 'name'])
  })
})

it('no part of core can be had from what core gives out', async () => {
  const bench = setUp()
  const owner = bench.driver.owner('owner', {
    offered: (offer) => expect(Object.keys(offer).sort()).toEqual(['kind', 'message']),
  })
  const { socket } = await connected(bench, owner)
  socket.release(owner.ref)
  for (const given of [owner, owner.ref, socket, socket.writer, bench.driver])
    expect(Object.keys(given)).toEqual([])
  expect(bench.errors).toEqual([])
})

describe('running a task as an owner', () => {
  it('is a turn: what it writes leaves together, when it is over', async () => {
    const bench = setUp()
    const owner = bench.driver.owner('owner')
    const { socket, peer } = await connected(bench, owner)
    owner.run('task', () => {
      socket.write('one ')
      socket.write('two')
      expect(peer.chunks).toEqual([])
    })
    expect(peer.chunks).toEqual(['one two'])
  })

  it('waits for the end of the call into the driver that it is asked for in', async () => {
    const bench = setUp()
    const owner = bench.driver.owner('owner')
    const order: string[] = []
    const { peer } = await connected(bench, owner, {
      text() {
        owner.run('task', () => order.push('task'))
        order.push('handler')
      },
    })
    peer.send('x')
    expect(order).toEqual(['handler'])
    await settle(bench)
    expect(order).toEqual(['handler', 'task'])
  })

  it('tells the error hook what it throws, and disturbs nobody', () => {
    const errors: unknown[] = []
    const driver = createDriver({
      onError: ({ error, owner, handler }) => errors.push([(error as Error).message, owner?.name, handler]),
    })
    driver.owner('owner').run('heartbeat', () => {
      throw new Error('boom')
    })
    expect(errors).toEqual([['boom', 'owner', 'heartbeat']])
  })

  it('does nothing for one that is destroyed', () => {
    const owner = setUp().driver.owner('owner')
    owner.destroy()
    owner.run('task', () => expect.fail('it ran'))
  })
})
