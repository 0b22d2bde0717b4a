import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  EEBADF,
  EECALLBACK,
  EEISCONN,
  EESECURITY,
  EESOCKNOTRLSD,
  EESOCKRLSD,
  EESUCCESS,
  type Efuns,
  frameMudPacket,
  MUD,
  STREAM,
} from '../src/index.ts'
import { makeRealm, type Realm, Recorder, serve, settle, stateOf } from './support/realm.ts'

/** An object that acquires whatever is released to it. */
function acquirer(realm: Realm): { readonly object: Recorder; readonly io: Efuns } {
  const object = new Recorder()
  const io = realm.efuns.as(object)
  object.reactions.onRelease = (fd: number) => io.socket_acquire(fd, 'onRead', 'onWrite', 'onClose')
  return { object, io }
}

async function connected(mode = STREAM) {
  const realm = makeRealm()
  const served = await serve(realm, mode)
  const peer = realm.network.dial()
  await settle(realm)
  return { ...served, realm, peer, fd: served.accepted[0] as number }
}

/** A connection that is about to be released, and what its target may do. */
async function scene() {
  const base = await connected()
  const next = acquirer(base.realm)
  return {
    ...base,
    next,
    acquire: () => next.io.socket_acquire(base.fd, 'onRead', 'onWrite', 'onClose'),
    fail: (_code: number): never => {
      throw new Error('boom')
    },
  }
}

describe('in its own close callback a socket', () => {
  it.each(['end', 'close', 'reset'] as const)(
    'still answers, cannot be released, and takes what goes nowhere: %s',
    async (ending) => {
      const { realm, object, io, fd, peer } = await connected()
      const next = acquirer(realm)
      const codes: unknown[] = []
      object.reactions.onClose = () => {
        codes.push(
          stateOf(io, fd),
          io.socket_release(fd, next.object, 'onRelease'),
          io.socket_acquire(fd, 'onRead', 'onWrite', 'onClose'),
          io.socket_write(fd, 'nobody reads this'),
          io.socket_connect(fd, '127.0.0.1 1', 'onRead', 'onWrite'),
          io.socket_close(fd),
          stateOf(io, fd),
        )
      }
      peer[ending]()
      await settle(realm)
      expect(codes).toEqual(['DATA_XFER', EEBADF, EEBADF, EESUCCESS, EEISCONN, EESUCCESS, 'CLOSED'])
      expect(next.object.calls).toEqual([])
      expect(peer.text).toBe('')
    },
  )
})

describe('a release', () => {
  it('is EESUCCESS only where somebody acquired, whatever happened afterwards', async () => {
    const outcomes: [what: (made: Awaited<ReturnType<typeof scene>>) => void, code: number][] = [
      [({ acquire }) => void acquire(), EESUCCESS],
      [() => {}, EESOCKNOTRLSD],
      [({ io, fd }) => void io.socket_close(fd), EEBADF],
      [({ realm, object }) => realm.efuns.destruct(object), EEBADF],
      [({ realm, next }) => realm.efuns.destruct(next.object), EESOCKNOTRLSD],
      [({ acquire, next, fd }) => void [acquire(), next.io.socket_close(fd)], EESUCCESS],
      [({ acquire, realm, next }) => void [acquire(), realm.efuns.destruct(next.object)], EESUCCESS],
      [({ acquire, fail }) => fail(acquire()), EESUCCESS],
      [({ fail }) => fail(0), EESOCKNOTRLSD],
    ]
    for (const [what, code] of outcomes) {
      const made = await scene()
      made.next.object.reactions.onRelease = () => what(made)
      expect(made.io.socket_release(made.fd, made.next.object, 'onRelease'), String(what)).toBe(code)
    }
  })

  it('leaves its owner in control until somebody acquires, but for what would put another socket there', async () => {
    const { realm, io, fd, peer } = await connected()
    const next = acquirer(realm)
    const unbound = io.socket_create(STREAM, 'onRead')
    const codes: number[] = []
    next.object.reactions.onRelease = (released: number) => {
      codes.push(
        io.socket_release(released, next.object, 'onRelease'),
        next.io.socket_close(released),
        released === fd
          ? io.socket_write(fd, 'mine')
          : io.socket_connect(unbound, '127.0.0.1 1', 'onRead', 'onWrite'),
        next.io.socket_acquire(released, 'onRead', 'onWrite', 'onClose'),
      )
    }
    io.socket_release(fd, next.object, 'onRelease')
    io.socket_release(unbound, next.object, 'onRelease')
    expect(codes).toEqual([
      EESOCKRLSD,
      EESECURITY,
      EESUCCESS,
      EESUCCESS,
      EESOCKRLSD,
      EESECURITY,
      EESOCKRLSD,
      EESUCCESS,
    ])
    expect(peer.text).toBe('mine')
    expect(io.socket_write(fd, 'mine no more')).toBe(EESECURITY)
  })

  it('of a listener takes along who waits, and the close callback for whom it accepts', async () => {
    const { realm, io, object, listener } = await connected()
    object.reactions.onListen = () => {}
    const peer = realm.network.dial()
    await settle(realm)
    const next = acquirer(realm)
    next.object.reactions.onRead = (fd: number) => {
      if (fd === listener) next.io.socket_accept(fd, 'onRead', 'onWrite')
    }
    expect(io.socket_release(listener, next.object, 'onRelease')).toBe(EESUCCESS)
    peer.send('hello')
    peer.close()
    await settle(realm)
    expect(next.object.calls.slice(1)).toEqual([
      ['onRead', listener],
      ['onRead', 2, 'hello'],
      ['onClose', 2],
    ])
  })

  it('of a blocked socket gives its write callback to the new owner', async () => {
    const { realm, io, object, fd, peer } = await connected()
    const next = acquirer(realm)
    peer.stall()
    expect(io.socket_write(fd, 'from the old owner')).toBe(EECALLBACK)
    io.socket_release(fd, next.object, 'onRelease')
    next.object.reactions.onWrite = () => next.io.socket_write(fd, ', from the new one')
    peer.unstall()
    await settle(realm)
    expect(peer.text).toBe('from the old owner, from the new one')
    expect(object.calls).toEqual([['onListen', 0]])
  })

  it('while it connects gives that to the new owner, too', async () => {
    const realm = makeRealm()
    const object = new Recorder()
    const io = realm.efuns.as(object)
    const next = acquirer(realm)
    const fd = io.socket_create(STREAM, 'onRead', 'onClose')
    io.socket_connect(fd, '127.0.0.1 4000', 'onRead', 'onWrite')
    expect(io.socket_release(fd, next.object, 'onRelease')).toBe(EESUCCESS)
    await settle(realm)
    realm.network.answer().send('welcome')
    await settle(realm)
    expect(next.object.calls.slice(1)).toEqual([
      ['onWrite', fd],
      ['onRead', fd, 'welcome'],
    ])
    expect(object.calls).toEqual([])
  })
})

it('whoever it is handed to, and whenever, each packet is read once, in order, by the owner of that moment', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(3), { minLength: 1, maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 }),
      async (handovers, sizes) => {
        const { realm, peer, fd, object, io } = await connected(MUD)
        const everybody = [{ object, io }, acquirer(realm), acquirer(realm), acquirer(realm)]
        object.reactions.onRelease = () => io.socket_acquire(fd, 'onRead', 'onWrite', 'onClose')
        const read: unknown[] = []
        let owner = 0
        for (const [index, one] of everybody.entries()) {
          one.object.reactions.onRead = (_fd: number, value: unknown) => {
            expect(index).toBe(owner)
            read.push(value)
            const to = handovers[read.length % handovers.length] ?? 0
            const target = everybody[to]
            if (!target || to === owner) return
            expect(one.io.socket_release(fd, target.object, 'onRelease')).toBe(EESUCCESS)
            owner = to
          }
        }
        const packets = Array.from({ length: 20 }, (_, index) => frameMudPacket(String(index)))
        const stream = Buffer.concat(packets)
        for (let at = 0, turn = 0; at < stream.byteLength; turn += 1) {
          const size = sizes[turn % sizes.length] as number
          peer.send(stream.subarray(at, at + size * size))
          at += size * size
          if (turn % 3 === 0) realm.clock.run()
        }
        await settle(realm)
        expect(read).toEqual(packets.map((_, index) => index))
      },
    ),
    { numRuns: 100 },
  )
})
