import { describe, expect, it } from 'vitest'
import {
  EEALREADY,
  EEBADF,
  EECALLBACK,
  EESUCCESS,
  EETYPENOTSUPP,
  EEWOULDBLOCK,
  MUD,
  STREAM,
} from '../src/index.ts'
import { makeRealm, serve, settle, stateOf } from './support/realm.ts'

const MEBIBYTE = 1024 * 1024

async function connected(mode: number) {
  const realm = makeRealm()
  const served = await serve(realm, mode)
  const peer = realm.network.dial()
  await settle(realm)
  return { ...served, realm, peer, fd: served.accepted[0] as number }
}

describe('a write to a stream', () => {
  it('is taken whole while the peer does not read, and nothing after it until the write callback', async () => {
    const { io, fd, peer, realm, object } = await connected(STREAM)
    peer.stall()
    expect(io.socket_write(fd, 'first')).toBe(EECALLBACK)
    expect(io.socket_write(fd, 'second')).toBe(EEALREADY)
    await settle(realm)
    expect(object.calls).not.toContainEqual(['onWrite', fd])
    peer.unstall()
    await settle(realm)
    expect(object.calls.filter(([name]) => name === 'onWrite')).toEqual([['onWrite', fd]])
    expect(io.socket_write(fd, 'third')).toBe(EESUCCESS)
    expect(peer.text).toBe('firstthird')
  })

  it('of more than 16 MiB is refused, and not a byte of it is taken', async () => {
    const { io, fd, peer } = await connected(STREAM)
    expect(io.socket_write(fd, 'x'.repeat(16 * MEBIBYTE + 1))).toBe(EEWOULDBLOCK)
    expect(io.socket_write(fd, 'é'.repeat(8 * MEBIBYTE + 1))).toBe(EEWOULDBLOCK)
    expect(io.socket_write(fd, new Uint8Array(16 * MEBIBYTE + 1))).toBe(EEWOULDBLOCK)
    expect(peer.bytes.byteLength).toBe(0)
    peer.stall()
    expect(io.socket_write(fd, 'x'.repeat(16 * MEBIBYTE))).toBe(EECALLBACK)
    peer.unstall()
    expect(peer.bytes.byteLength).toBe(16 * MEBIBYTE)
  })

  it('takes numbers of every kind as the first four of their bytes', async () => {
    const { io, fd, peer } = await connected(STREAM)
    expect(io.socket_write(fd, [1, -1, 2 ** 32 + 5, 2n ** 63n - 1n, 1.5, 'no number', 0.1])).toBe(EESUCCESS)
    expect(Buffer.from(peer.bytes).toString('hex')).toBe(
      ['01000000', 'ffffffff', '05000000', 'ffffffff', '00000000', '00000000', '9a999999'].join(''),
    )
    expect(io.socket_write(fd, { a: 1 })).toBe(EETYPENOTSUPP)
    expect(io.socket_write(fd, null)).toBe(EETYPENOTSUPP)
  })
})

describe('closing with output pending', () => {
  it('shows CLOSING until it has left, and answers EEBADF meanwhile', async () => {
    const { io, fd, peer, realm } = await connected(STREAM)
    peer.stall()
    io.socket_write(fd, 'farewell')
    expect(io.socket_close(fd)).toBe(EESUCCESS)
    expect(stateOf(io, fd)).toBe('CLOSING')
    expect(io.socket_close(fd)).toBe(EEBADF)
    expect(io.socket_status()).toHaveLength(2)
    peer.unstall()
    expect(stateOf(io, fd)).toBe('CLOSED')
    expect(io.socket_status()).toHaveLength(1)
    await settle(realm)
    expect(peer.text).toBe('farewell')
    expect(peer.closed?.kind).toBe('end')
  })

  it('goes on when the owner is destructed', async () => {
    const { io, fd, peer, realm, object } = await connected(STREAM)
    peer.stall()
    io.socket_write(fd, 'farewell')
    realm.efuns.destruct(object)
    expect(stateOf(io, fd)).toBe('CLOSING')
    peer.unstall()
    await settle(realm)
    expect(peer.text).toBe('farewell')
    expect(stateOf(io, fd)).toBe('CLOSED')
    expect(io.socket_create(STREAM, 'onRead')).toBe(-7)
  })

  it('is over when the peer breaks the connection', async () => {
    const { io, fd, peer, realm, object } = await connected(STREAM)
    peer.stall()
    io.socket_write(fd, 'farewell')
    io.socket_close(fd)
    peer.reset()
    await settle(realm)
    expect(stateOf(io, fd)).toBe('CLOSED')
    expect(object.calls).not.toContainEqual(['onClose', fd])
  })
})

describe('MUD mode', () => {
  it('raises an error for what is nested too deep, and sends nothing', async () => {
    const { io, fd, peer } = await connected(MUD)
    const loop: unknown[] = []
    loop.push(loop)
    expect(() => io.socket_write(fd, loop)).toThrow(/nested/)
    expect(io.socket_write(fd, Symbol('x'))).toBe(EETYPENOTSUPP)
    expect(peer.bytes.byteLength).toBe(0)
  })
})
