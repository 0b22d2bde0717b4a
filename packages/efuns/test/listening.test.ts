import { once } from 'node:events'
import { connect } from 'node:net'
import { createDriver } from '@mudwire/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createSocketEfuns, EEBADF, EESECURITY, EESUCCESS, EEWOULDBLOCK, STREAM } from '../src/index.ts'
import { makeRealm, Recorder, serve, settle, stateOf } from './support/realm.ts'

describe('a listen callback that does not accept', () => {
  it('is called again after 10 ms, then after twice as long each time, up to a second', async () => {
    const realm = makeRealm()
    const { object, clock } = { ...(await serve(realm, STREAM)), clock: realm.clock }
    const times: number[] = []
    object.reactions.onListen = () => times.push(clock.now())
    realm.network.dial()
    clock.advance(4_000)
    const waits = times.map((time, index) => time - (times[index - 1] ?? 0))
    expect(waits).toEqual([0, 10, 20, 40, 80, 160, 320, 640, 1_000, 1_000])
  })

  it('is called at once when another connection comes, and starts anew when somebody has accepted', async () => {
    const realm = makeRealm()
    const { object, io, listener } = await serve(realm, STREAM)
    object.reactions.onListen = () => {}
    realm.network.dial()
    realm.clock.advance(1_000)
    const before = object.calls.length
    realm.network.dial()
    realm.clock.run()
    expect(object.calls).toHaveLength(before + 1)
    io.socket_accept(listener, 'onRead', 'onWrite')
    io.socket_accept(listener, 'onRead', 'onWrite')
    expect(io.socket_accept(listener, 'onRead', 'onWrite')).toBe(EEWOULDBLOCK)
    realm.clock.advance(60_000)
    expect(object.calls).toHaveLength(before + 1)
  })
})

describe('a bound stream', () => {
  it('lets connections wait, and gives them to the listen callback', async () => {
    const realm = makeRealm()
    const object = new Recorder()
    const io = realm.efuns.as(object)
    const fd = io.socket_create(STREAM, 'onRead', 'onClose')
    await io.socket_bind(fd, 4000)
    const peer = realm.network.dial()
    peer.send('early')
    object.reactions.onListen = (listener: number) => io.socket_accept(listener, 'onRead', 'onWrite')
    await settle(realm)
    expect(object.calls).toEqual([])
    io.socket_listen(fd, 'onListen')
    await settle(realm)
    expect(object.calls).toEqual([
      ['onListen', fd],
      ['onRead', 1, 'early'],
    ])
  })

  it('resets them when it is closed, or connects instead', async () => {
    for (const instead of ['close', 'connect']) {
      const realm = makeRealm()
      const io = realm.efuns.as(new Recorder())
      const fd = io.socket_create(STREAM, 'onRead', 'onClose')
      await io.socket_bind(fd, 4000)
      const peer = realm.network.dial()
      if (instead === 'close') io.socket_close(fd)
      else io.socket_connect(fd, '127.0.0.1 1', 'onRead', 'onWrite')
      await settle(realm)
      expect(peer.closed).toMatchObject({ by: 'remote', code: 'reset' })
    }
  })

  it('may be told to listen before the bind is done, as LPC does', async () => {
    const realm = makeRealm()
    const io = realm.efuns.as(new Recorder())
    const fd = io.socket_create(STREAM, 'onRead')
    const bound = io.socket_bind(fd, 4000)
    const listens = io.socket_listen(fd, 'onListen')
    expect(await bound).toBe(EESUCCESS)
    expect(await listens).toBe(EESUCCESS)
    expect(stateOf(io, fd)).toBe('LISTEN')
  })

  it('is nothing where its owner has closed or handed it over before the bind is done', async () => {
    const realm = makeRealm()
    const [object, other] = [new Recorder(), new Recorder()]
    const io = realm.efuns.as(object)
    const closed = io.socket_create(STREAM, 'onRead')
    const binding = io.socket_bind(closed, 4000)
    io.socket_close(closed)
    expect(await binding).toBe(EEBADF)
    const released = io.socket_create(STREAM, 'onRead')
    const late = io.socket_bind(released, 4000)
    other.reactions.onRelease = (fd: number) =>
      realm.efuns.as(other).socket_acquire(fd, 'onRead', 'onWrite', 'onClose')
    expect(io.socket_release(released, other, 'onRelease')).toBe(EESUCCESS)
    expect(await late).toBe(EESECURITY)
    expect(stateOf(io, released)).toBe('UNBOUND')
    const peers = realm.efuns.as(other)
    expect(await peers.socket_bind(released, 4000)).toBe(EESUCCESS)
  })
})

it('several connections that come at once over TCP are there for one listen callback', async () => {
  const driver = createDriver()
  onTestFinished(() => driver.close({ deadlineMs: 1 }))
  const io = createSocketEfuns(driver).as({})
  const fd = io.socket_create(STREAM, 'onRead')
  await io.socket_bind(fd, 0)
  const counts: number[] = []
  const heard = new Promise<void>((resolve) => {
    void io.socket_listen(fd, (listener: number) => {
      let count = 0
      while (io.socket_accept(listener, 'onRead', 'onWrite') >= 0) count += 1
      counts.push(count)
      if (counts.reduce((sum, one) => sum + one) === 4) resolve()
    })
  })
  const [host = '', port = ''] = io.socket_address(fd, 1).split(' ')
  // A lookup that answers at once connects in this very turn, before anything can be accepted.
  const clients = Array.from({ length: 4 }, () =>
    connect({
      host: 'here',
      port: Number(port),
      lookup: (_name, _options, answer) => answer(null, host, 4),
      autoSelectFamily: false,
    }),
  )
  await heard
  expect(counts).toEqual([4])
  for (const client of clients) {
    client.destroy()
    await once(client, 'close')
  }
})
