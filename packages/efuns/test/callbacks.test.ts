import { describe, expect, it } from 'vitest'
import { EESOCKNOTRLSD, EESUCCESS, STREAM } from '../src/index.ts'
import { makeRealm, Recorder, serve, settle, stateOf } from './support/realm.ts'

describe('a callback by name', () => {
  it('is looked up when it is called, in whoever owns the socket by then', async () => {
    const realm = makeRealm()
    const { object, io, accepted } = await serve(realm, STREAM)
    const peer = realm.network.dial()
    await settle(realm)
    const heir = new Recorder()
    heir.reactions.onRelease = (fd: number) => {
      expect(realm.efuns.as(heir).socket_acquire(fd, 'onRead', 'onWrite', 'onClose')).toBe(EESUCCESS)
    }
    expect(io.socket_release(accepted[0] as number, heir, 'onRelease')).toBe(EESUCCESS)
    peer.send('hello')
    await settle(realm)
    expect(heir.calls).toEqual([
      ['onRelease', accepted[0], heir],
      ['onRead', accepted[0], 'hello'],
    ])
    expect(object.calls).toEqual([['onListen', 0]])
  })

  it.each([
    '_private',
    '#hidden',
    'toString',
    'constructor',
    'hasOwnProperty',
    '__proto__',
    'noSuch',
    'calls',
  ])('never reaches %s', async (name) => {
    const realm = makeRealm()
    const { io, accepted } = await serve(realm, STREAM)
    realm.network.dial()
    await settle(realm)
    const target = new Recorder()
    expect(io.socket_release(accepted[0] as number, target, name)).toBe(EESOCKNOTRLSD)
    expect(target.calls).toEqual([])
    expect(realm.errors).toEqual([])
  })

  it('may be missing: what it would have been told is dropped, and the socket stays', async () => {
    const realm = makeRealm()
    const { io, object, accepted } = await serve(realm, STREAM)
    object.reactions.onListen = (fd: number) => accepted.push(io.socket_accept(fd, 'noSuch', 'noSuch'))
    const peer = realm.network.dial()
    await settle(realm)
    peer.send('nobody reads this')
    await settle(realm)
    expect(stateOf(io, accepted[0] as number)).toBe('DATA_XFER')
  })
})

describe('a function', () => {
  it('acts as its maker, because it calls the efuns of its maker', async () => {
    const realm = makeRealm()
    const { io, accepted } = await serve(realm, STREAM)
    realm.network.dial()
    await settle(realm)
    const [fd = -1] = accepted
    const target = new Recorder()
    const codes: number[] = []
    const acquire = (by: typeof io): number => by.socket_acquire(fd, 'onRead', 'onWrite', 'onClose')
    io.socket_release(fd, target, () => codes.push(acquire(io)))
    io.socket_release(fd, target, () => codes.push(acquire(realm.efuns.as({}))))
    io.socket_release(fd, target, () => codes.push(acquire(realm.efuns.as(target))))
    expect(codes).toEqual([-7, -7, EESUCCESS])
  })
})

describe('an error in a callback', () => {
  it('goes to the error hook, and the socket stays', async () => {
    const realm = makeRealm()
    const { object, io, accepted } = await serve(realm, STREAM)
    const peer = realm.network.dial()
    await settle(realm)
    object.reactions.onRead = () => {
      throw new Error('boom')
    }
    peer.send('one')
    peer.send('two')
    await settle(realm)
    expect(realm.errors.map(({ error }) => (error as Error).message)).toEqual(['boom', 'boom'])
    expect(stateOf(io, accepted[0] as number)).toBe('DATA_XFER')
  })

  it('goes there too when it comes later, from a method that is async', async () => {
    const realm = makeRealm()
    const { object, accepted, io } = await serve(realm, STREAM)
    const peer = realm.network.dial()
    await settle(realm)
    object.reactions.onClose = async () => {
      await Promise.resolve()
      throw new Error('later')
    }
    peer.close()
    await settle(realm)
    expect(realm.errors).toMatchObject([{ error: { message: 'later' }, owner: { name: 'Recorder' } }])
    expect(stateOf(io, accepted[0] as number)).toBe('CLOSED')
  })

  it('in the close callback leaves no socket behind', async () => {
    const realm = makeRealm()
    const { object, io, accepted } = await serve(realm, STREAM)
    const peer = realm.network.dial()
    await settle(realm)
    object.reactions.onClose = () => {
      throw new Error('boom')
    }
    peer.reset()
    await settle(realm)
    expect(realm.errors).toHaveLength(1)
    expect(stateOf(io, accepted[0] as number)).toBe('CLOSED')
  })
})
