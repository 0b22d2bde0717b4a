import { describe, expect, it } from 'vitest'
import type { DatagramSocket, Offer, Owner } from '../src/index.ts'
import { bound, datagramHandlersOf } from './support/datagrams.ts'
import { type Bench, settle, setUp } from './support/setup.ts'

/** An owner that takes every datagram socket, and writes down what it is told. */
function taker(bench: Bench, name: string, log: string[], heir?: Owner): Owner {
  return bench.driver.owner(name, {
    offered(offer) {
      if (offer.kind === 'datagram') offer.acquire(datagramHandlersOf(log, name))
    },
    ...(heir && { heir: heir.ref }),
  })
}

describe('the hand-over of a datagram socket', () => {
  it('takes what is held with it, and gives the rest to the new owner in the middle of a delivery', async () => {
    const bench = setUp()
    const log: string[] = []
    const second = taker(bench, 'second', log)
    const { socket, send } = await bound(bench, bench.driver.owner('first'), {
      datagram(bytes, _from, mine) {
        log.push(`first: ${Buffer.from(bytes).toString()}`)
        if (bytes.byteLength !== 2) return
        expect(mine.release(second.ref)).toEqual({ acquired: true })
        log.push('handed over')
      },
    })
    socket.pause()
    for (const text of ['1', '22', '', '333']) send(text)
    socket.resume()
    bench.clock.run()
    expect(log).toEqual(['first: 1', 'first: 22', 'handed over', 'second: ', 'second: 333'])
    expect(bench.errors).toEqual([])
  })

  it('clears the pause, keeps the limits or takes others, and counts on', async () => {
    const bench = setUp()
    const got: DatagramSocket[] = []
    let options: { queueLimit: number } | undefined
    const other = bench.driver.owner('other', {
      offered(offer) {
        const taken = offer.kind === 'datagram' ? offer.acquire(undefined, options) : undefined
        if (taken) got.push(taken)
      },
    })
    const { socket, send } = await bound(bench, bench.driver.owner('one'), undefined, { queueLimit: 1 })
    socket.pause()
    send('a')
    send('b')
    socket.release(other.ref)
    send('c')
    expect(got[0]?.dropped).toBe(2)
    options = { queueLimit: 2 }
    got[0]?.release(other.ref)
    send('d')
    send('e')
    expect(got[1]?.dropped).toBe(3)
    const log: string[] = []
    got[1]?.handle(datagramHandlersOf(log, 'other'))
    bench.clock.run()
    expect(log).toEqual(['other: a', 'other: d'])
    // Handlers and options that cannot be meant throw, and the offer stays open.
    const picky = bench.driver.owner('picky', {
      offered(offer) {
        if (offer.kind !== 'datagram') return
        expect(() => offer.acquire(5 as never)).toThrow(TypeError)
        expect(() => offer.acquire({}, { heldLimit: 0 })).toThrow(TypeError)
        expect(offer.acquire({})).toBeDefined()
      },
    })
    expect(got[1]?.release(picky.ref)).toEqual({ acquired: true })
  })

  it('goes through a chain inside one offer, each result about its own', async () => {
    const bench = setUp()
    const log: string[] = []
    const last = taker(bench, 'last', log)
    const between = bench.driver.owner('between', {
      offered(offer) {
        const mine = offer.kind === 'datagram' ? offer.acquire(datagramHandlersOf(log, 'between')) : undefined
        expect(mine?.release(last.ref)).toEqual({ acquired: true })
      },
    })
    const { socket, send } = await bound(bench, bench.driver.owner('first'), datagramHandlersOf(log, 'first'))
    socket.pause()
    send('held')
    expect(socket.release(between.ref)).toEqual({ acquired: true })
    bench.clock.run()
    send('later')
    expect(log).toEqual(['last: held', 'last: later'])
    expect([between.size, last.size]).toEqual([0, 1])
  })

  it('may be declined, or the target throw, and nothing has changed', async () => {
    const bench = setUp()
    const log: string[] = []
    const answers: ((offer: Offer) => void)[] = [
      (offer) => offer.decline('full'),
      () => {
        throw new Error('on purpose')
      },
      () => {},
    ]
    const target = bench.driver.owner('target', { offered: (offer) => answers.shift()?.(offer) })
    const { socket, send } = await bound(bench, bench.driver.owner('one'), datagramHandlersOf(log, 'one'))
    for (const reason of ['full', 'threw', 'not-acquired']) {
      expect(socket.release(target.ref)).toEqual({
        acquired: false,
        code: 'EESOCKNOTRLSD',
        reason,
        owned: true,
      })
    }
    send('still mine')
    expect(log).toEqual(['one: still mine'])
    expect(socket.state).toBe('open')
  })

  it('may take its time: meanwhile datagrams wait, and pause and handlers are remembered', async () => {
    const bench = setUp()
    const log: string[] = []
    const offers: Offer[] = []
    const slow = bench.driver.owner('slow', {
      offered(offer) {
        offers.push(offer)
        return new Promise<void>(() => {})
      },
    })
    const { socket, send } = await bound(bench, bench.driver.owner('one'), datagramHandlersOf(log, 'one'))
    const declined = socket.offer(slow.ref)
    send('a')
    socket.handle(datagramHandlersOf(log, 'other handlers'))
    socket.pause()
    await settle(bench)
    offers[0]?.decline('no')
    expect(await declined).toMatchObject({ acquired: false, reason: 'no' })
    await settle(bench)
    expect(log).toEqual([])
    socket.resume()
    bench.clock.run()
    expect(log).toEqual(['other handlers: a'])

    const late = socket.offer(slow.ref, { deadlineMs: 100 })
    send('b')
    bench.clock.advance(100)
    expect(await late).toMatchObject({ acquired: false, reason: 'deadline', owned: true })
    expect(log).toEqual(['other handlers: a', 'other handlers: b'])

    const taken = socket.offer(slow.ref)
    send('c')
    const offer = offers[2]
    if (offer?.kind === 'datagram') offer.acquire(datagramHandlersOf(log, 'slow'))
    expect(await taken).toEqual({ acquired: true })
    bench.clock.run()
    expect(log.at(-1)).toBe('slow: c')
  })

  it('goes to the heir with what is held, and is closed where the heir takes nothing', async () => {
    const bench = setUp()
    const log: string[] = []
    const heir = taker(bench, 'heir', log)
    const owner = bench.driver.owner('owner', { heir: heir.ref })
    const { socket, send } = await bound(bench, owner, datagramHandlersOf(log, 'owner'))
    socket.pause()
    send('held')
    owner.destroy()
    expect(socket.state).toBe('revoked')
    bench.clock.run()
    send('later')
    expect(log).toEqual(['heir: held', 'heir: later'])

    const mute = bench.driver.owner('mute')
    const dying = bench.driver.owner('dying', { heir: mute.ref })
    const another = await bound(bench, dying, datagramHandlersOf(log, 'dying'))
    dying.destroy()
    bench.clock.run()
    another.send('to nobody')
    expect(log).toHaveLength(2)
    expect(mute.size).toBe(0)
  })

  it('destroys its owner from within the handler, and the rest goes to the heir', async () => {
    const bench = setUp()
    const log: string[] = []
    const heir = taker(bench, 'heir', log)
    const owner = bench.driver.owner('owner', { heir: heir.ref })
    const { socket, send } = await bound(bench, owner, {
      datagram(bytes) {
        log.push(`owner: ${Buffer.from(bytes).toString()}`)
        owner.destroy()
      },
    })
    socket.pause()
    send('a')
    send('b')
    socket.resume()
    bench.clock.run()
    expect(log).toEqual(['owner: a', 'heir: b'])
  })
})
