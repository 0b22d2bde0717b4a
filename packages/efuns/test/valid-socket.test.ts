import { createDriver } from '@mudwire/core'
import { describe, expect, it } from 'vitest'
import {
  createSocketEfuns,
  DATAGRAM,
  EESECURITY,
  EESUCCESS,
  SO_TLS_CERT,
  SO_TLS_KEY,
  STREAM,
  STREAM_TLS,
  type ValidSocket,
} from '../src/index.ts'
import { makeRealm, Recorder, serve, settle, stateOf } from './support/realm.ts'

describe('validSocket', () => {
  it('is asked before everything else, even for a socket that there is not', () => {
    const asked: unknown[][] = []
    const object = {}
    const io = makeRealm({
      validSocket: (...facts) => {
        asked.push(facts)
        return false
      },
    }).efuns.as(object)
    const codes = [
      io.socket_create(99, 'onRead'),
      io.socket_bind(-1, 70_000),
      io.socket_listen(9_999, 'onListen'),
      io.socket_accept(9_999, 'onRead', 'onWrite'),
      io.socket_connect(9_999, '192.0.2.1 80', 'onRead', 'onWrite'),
      io.socket_write(9_999, {}),
      io.socket_close(9_999),
      io.socket_release(9_999, {}, 'onRelease'),
      io.socket_acquire(9_999, 'onRead', 'onWrite', 'onClose'),
    ]
    expect(codes).toEqual(codes.map(() => EESECURITY))
    expect(asked[0]).toEqual([object, 'create', [-1, object, 'N/A', -1]])
    expect(asked.slice(1).map(([, operation]) => operation)).toEqual([
      'bind',
      'listen',
      'accept',
      'connect',
      'write',
      'close',
      'release',
      'acquire',
    ])
    expect(asked.slice(2).map(([, , info]) => info)).toEqual(
      asked.slice(2).map(() => [9_999, undefined, '', 0]),
    )
  })

  it('is not asked for what only looks', () => {
    const io = makeRealm({ validSocket: () => expect.fail('it was asked') }).efuns.as({})
    io.socket_status()
    io.socket_status(0)
    io.socket_address(0)
    io.socket_error(-1)
  })

  it('is shown where a connection is to go', () => {
    const places: unknown[] = []
    const validSocket: ValidSocket = (_caller, operation, [, , address, port]) => {
      if (operation === 'connect') places.push([address, port])
      return operation !== 'connect'
    }
    const io = makeRealm({ validSocket }).efuns.as({})
    const fd = io.socket_create(STREAM, 'onRead')
    for (const place of ['192.0.2.1 80', 'no address', 'nothing', '192.0.2.1 x']) {
      expect(io.socket_connect(fd, place, 'onRead', 'onWrite')).toBe(EESECURITY)
    }
    expect(places).toEqual([
      ['192.0.2.1', 80],
      ['no', 0],
      ['', 0],
      ['192.0.2.1', 0],
    ])
  })

  it('that throws refuses, and so does one that answers anything but true', () => {
    const answers: unknown[] = [1, 'yes', undefined]
    const realm = makeRealm({
      validSocket: () => {
        if (answers.length === 0) throw new Error('boom')
        return answers.shift() as boolean
      },
    })
    const io = realm.efuns.as({})
    for (let attempt = 0; attempt < 4; attempt += 1)
      expect(io.socket_create(STREAM, 'onRead')).toBe(EESECURITY)
    expect(realm.errors).toMatchObject([{ error: { message: 'boom' }, handler: 'validSocket' }])
  })
})

it("the driver's own policy is asked, too, and its no is EESECURITY", async () => {
  const refused = new Set<string>()
  const driver = createDriver({ policy: ({ operation }) => !refused.has(operation) })
  const efuns = createSocketEfuns(driver)
  const io = efuns.as({})
  const fd = io.socket_create(STREAM, 'onRead')
  const datagrams = io.socket_create(DATAGRAM, 'onRead')
  const target = new Recorder()
  target.reactions.onRelease = () => efuns.as(target).socket_acquire(fd, 'onRead', 'onWrite', 'onClose')
  for (const operation of ['listen', 'connect', 'bind', 'release', 'acquire']) refused.add(operation)
  expect(await io.socket_bind(fd, 0)).toBe(EESECURITY)
  expect(await io.socket_bind(datagrams, 0)).toBe(EESECURITY)
  expect(io.socket_connect(fd, '127.0.0.1 1', 'onRead', 'onWrite')).toBe(EESECURITY)
  expect(io.socket_create(STREAM, 'onRead')).toBe(EESECURITY)
  expect(io.socket_release(fd, target, 'onRelease')).toBe(EESECURITY)
  refused.delete('release')
  expect(io.socket_release(fd, target, 'onRelease')).toBe(-31)
  refused.clear()
  expect(io.socket_release(fd, target, 'onRelease')).toBe(EESUCCESS)
  await driver.close()
})

it('a bound socket that may not connect, or listen with its certificate, is bound to nothing any more', async () => {
  const refused = new Set<string>()
  const driver = createDriver({ policy: ({ transport }) => !refused.has(transport) })
  const io = createSocketEfuns(driver).as({})
  const plain = io.socket_create(STREAM, 'onRead')
  expect(await io.socket_bind(plain, 0)).toBe(EESUCCESS)
  const secure = io.socket_create(STREAM_TLS, 'onRead')
  io.socket_set_option(secure, SO_TLS_CERT, 'cert.pem')
  io.socket_set_option(secure, SO_TLS_KEY, 'key.pem')
  expect(await io.socket_bind(secure, 0)).toBe(EESUCCESS)
  refused.add('tcp').add('tls')
  expect(io.socket_connect(plain, '127.0.0.1 1', 'onRead', 'onWrite')).toBe(EESECURITY)
  expect(await io.socket_listen(secure, 'onListen')).toBe(EESECURITY)
  expect([plain, secure].map((fd) => [stateOf(io, fd), io.socket_address(fd, 1)])).toEqual([
    ['UNBOUND', '0.0.0.0 0'],
    ['UNBOUND', '0.0.0.0 0'],
  ])
  refused.clear()
  expect(await io.socket_bind(plain, 0)).toBe(EESUCCESS)
  await driver.close()
})

it('nothing is left of a thousand connections', async () => {
  const realm = makeRealm()
  const { io, accepted, object } = await serve(realm, STREAM)
  for (let count = 0; count < 1_000; count += 1) {
    const peer = realm.network.dial()
    await settle(realm)
    if (count % 3 === 0) peer.close()
    else if (count % 3 === 1) peer.reset()
    else io.socket_close(accepted.at(-1) as number)
    await settle(realm)
  }
  expect(accepted.at(-1)).toBe(1_000)
  expect(io.socket_status()).toHaveLength(1)
  realm.efuns.destruct(object)
  expect(io.socket_status()).toEqual([])
})
