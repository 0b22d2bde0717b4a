import { describe, expect, it } from 'vitest'
import { frameMudPacket, MUD, STREAM, STREAM_BINARY } from '../src/index.ts'
import { makeRealm, Recorder, serve, settle, stateOf } from './support/realm.ts'

async function connected(mode: number, maxPacketBytes = 100) {
  const realm = makeRealm({ maxPacketBytes })
  const served = await serve(realm, mode)
  const peer = realm.network.dial()
  await settle(realm)
  const reads = (): unknown[] =>
    served.object.calls.filter(([name]) => name === 'onRead').map(([, , data]) => data)
  return { ...served, realm, peer, reads, fd: served.accepted[0] as number }
}

describe('what one read callback gets', () => {
  it('is at most 65,534 bytes, however much comes at once', async () => {
    const { peer, reads } = await connected(STREAM)
    peer.send('a'.repeat(200_000))
    expect(reads().map((text) => (text as string).length)).toEqual([65_534, 65_534, 65_534, 3_398])
  })

  it('never ends within a character', async () => {
    const { peer, reads } = await connected(STREAM)
    peer.send('€'.repeat(60_000))
    const texts = reads() as string[]
    expect(texts.join('')).toBe('€'.repeat(60_000))
    expect(Math.max(...texts.map((text) => Buffer.byteLength(text)))).toBeLessThanOrEqual(65_534)
  })

  it('has the half of a character that was left at the end', async () => {
    const { peer, reads, object, realm, fd } = await connected(STREAM)
    peer.send(Uint8Array.of(0x61, 0xe2, 0x82))
    peer.close()
    await settle(realm)
    expect(reads()).toEqual(['a', '\uFFFD'])
    expect(object.calls.at(-1)).toEqual(['onClose', fd])
  })

  it('is bytes in the binary modes', async () => {
    const { peer, reads } = await connected(STREAM_BINARY)
    peer.send(Uint8Array.of(0, 255, 0xe2))
    expect(reads().map((bytes) => [...(bytes as Uint8Array)])).toEqual([[0, 255, 0xe2]])
  })
})

describe('packets of MUD mode', () => {
  it('that came in one piece go to whoever owns the socket when each is read', async () => {
    const { peer, object, realm, io, fd } = await connected(MUD)
    const next = new Recorder()
    const [inetd, service] = [io, realm.efuns.as(next)]
    object.reactions.onRead = () => inetd.socket_release(fd, next, 'onRelease')
    next.reactions.onRelease = () => service.socket_acquire(fd, 'onRead', 'onWrite', 'onClose')
    peer.send(Buffer.concat([frameMudPacket('1'), frameMudPacket('2'), frameMudPacket('3').subarray(0, 5)]))
    peer.send(frameMudPacket('3').subarray(5))
    await settle(realm)
    expect(object.calls.slice(1)).toEqual([['onRead', fd, 1]])
    expect(next.calls.slice(1)).toEqual([
      ['onRead', fd, 2],
      ['onRead', fd, 3],
    ])
  })

  it('that do not parse arrive as undefined, and the connection stays', async () => {
    const { peer, reads, io, fd } = await connected(MUD)
    for (const text of ['({', '"open', '([1:2,)']) peer.send(frameMudPacket(text))
    peer.send(frameMudPacket('1'))
    expect(reads()).toEqual([undefined, undefined, undefined, 1])
    expect(stateOf(io, fd)).toBe('DATA_XFER')
  })

  it('that are too long close the connection, behind those before them', async () => {
    const { peer, object, realm, io, fd } = await connected(MUD, 10)
    peer.send(Buffer.concat([frameMudPacket('123456789'), frameMudPacket('1234567890')]))
    await settle(realm)
    expect(object.calls.slice(1)).toEqual([
      ['onRead', fd, 123456789],
      ['onClose', fd],
    ])
    expect(stateOf(io, fd)).toBe('CLOSED')
    expect(peer.closed?.code).toBe('reset')
  })
})
