import { once } from 'node:events'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { makeAuthority, makeCertificate } from '@mudwire/test-support/certificates'
import { dialTcp, dialTls, dialUnix } from '@mudwire/test-support/raw-socket'
import { describe, expect, it } from 'vitest'
import { tcp, tls, unix } from '../src/index.ts'
import { listenOver, textOf, until } from './support/listen.ts'

const HEADER = 'PROXY TCP4 192.0.2.1 198.51.100.2 8080 4000\r\n'

describe('a listener behind a proxy', () => {
  it('shows the owner the peer that the proxy names, and gives it everything that comes behind the header', async () => {
    const scene = await listenOver(tcp({ port: 0, proxy: { from: ['127.0.0.0/8'] } }))
    const peer = await dialTcp(scene.address)
    peer.send(`${HEADER}hello\r\nwor`)
    await until(() => scene.lines.length === 1)
    peer.send('ld\r\n')
    await until(() => textOf(peer) === 'hello!\r\nworld!\r\n')
    const [socket] = scene.sockets
    expect(socket?.remote).toEqual({ family: 'IPv4', address: '192.0.2.1', port: 8080 })
    expect(socket?.local).toEqual({ family: 'IPv4', address: '198.51.100.2', port: 4000 })
    expect(socket?.facts?.proxy?.address).toMatchObject({ family: 'IPv4', address: '127.0.0.1' })
    // Who is admitted is the network peer: that is known before any work.
    expect(scene.admitted).toMatchObject([{ address: '127.0.0.1' }])
    peer.reset()
  })

  it('waits for a header that comes byte by byte', async () => {
    const scene = await listenOver(tcp({ port: 0, proxy: { from: ['127.0.0.1'] } }))
    const peer = await dialTcp(scene.address)
    for (const byte of Buffer.from(`${HEADER}hello\r\n`)) {
      peer.send(Uint8Array.of(byte))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await until(() => scene.lines.length === 1)
    expect(scene.sockets[0]?.remote?.address).toBe('192.0.2.1')
    peer.reset()
  })

  it('takes the connection’s own addresses where the proxy speaks for itself', async () => {
    const scene = await listenOver(tcp({ port: 0, proxy: { from: ['127.0.0.1'] } }))
    const peer = await dialTcp(scene.address)
    peer.send('PROXY UNKNOWN\r\nhealth\r\n')
    await until(() => scene.lines.length === 1)
    expect(scene.sockets[0]?.remote?.address).toBe('127.0.0.1')
    peer.reset()
  })

  it('refuses who is not trusted, says nothing to them, and counts them', async () => {
    const scene = await listenOver(tcp({ port: 0, proxy: { from: ['10.0.0.0/8', '::1'] } }))
    const peer = await dialTcp(scene.address)
    await until(() => peer.ended !== undefined)
    expect(peer.received).toEqual([])
    expect(scene.failures).toEqual(['PROXY header: the connection is not from a proxy that is trusted'])
  })

  it.each([
    ['what is no header', 'hello\r\n', /does not begin with a PROXY header/],
    ['a header that ends too soon', 'PROXY TCP4 1', /ended before it was complete/],
  ])('ends a connection with %s', async (_what, text, why) => {
    const scene = await listenOver(tcp({ port: 0, proxy: { from: ['127.0.0.1'] } }))
    const peer = await dialTcp(scene.address)
    peer.send(text)
    peer.end()
    await until(() => scene.failures.length === 1)
    expect(scene.failures[0]).toMatch(why)
    expect(scene.sockets).toEqual([])
    await until(() => peer.ended !== undefined)
  })

  it('does not wait for ever', async () => {
    const scene = await listenOver(tcp({ port: 0, proxy: { from: ['127.0.0.1'], deadlineMs: 50 } }))
    const peer = await dialTcp(scene.address)
    peer.send('PROXY ')
    await until(() => scene.failures.length === 1)
    expect(scene.failures[0]).toMatch(/nothing complete within 50 ms/)
    await until(() => peer.ended !== undefined)
  })

  it('speaks TLS behind the header, in the same chunk too', async () => {
    const authority = await makeAuthority()
    const certificate = await makeCertificate(authority, { names: ['localhost'] })
    const scene = await listenOver(
      tls({ port: 0, certificates: [certificate], proxy: { from: ['127.0.0.1'] } }),
    )
    const raw = connect({ host: '127.0.0.1', port: scene.address.port ?? 0 })
    // Corked, so that the header and the first flight of the handshake leave together.
    raw.cork()
    raw.write(HEADER)
    const secure = connectTls({ socket: raw, ca: authority.cert, servername: 'localhost' })
    process.nextTick(() => raw.uncork())
    await once(secure, 'secureConnect')
    secure.write('hello\r\n')
    const [answer] = await once(secure, 'data')
    expect(String(answer)).toBe('hello!\r\n')
    expect(scene.sockets[0]?.remote?.address).toBe('192.0.2.1')
    expect(scene.sockets[0]?.facts).toMatchObject({
      secure: true,
      proxy: { address: { address: '127.0.0.1' } },
    })
    secure.destroy()
  })

  it('may be reached by a unix socket', async () => {
    const path =
      process.platform === 'linux'
        ? `@mudwire-proxy-${process.pid}`
        : `/tmp/mudwire-proxy-${process.pid}.sock`
    const scene = await listenOver(unix({ path, proxy: { from: ['unix'] } }))
    const peer = await dialUnix(scene.address)
    peer.send(`${HEADER}hello\r\n`)
    await until(() => scene.lines.length === 1)
    expect(scene.sockets[0]?.remote?.address).toBe('192.0.2.1')
    peer.reset()
  })

  it('is configured with addresses and networks only', () => {
    for (const entry of ['localhost', '10.0.0.0/33', '::1/129', '10.0.0.0/x', '']) {
      expect(() => tcp({ port: 0, proxy: { from: [entry] } }), entry).toThrow(TypeError)
    }
  })

  it('waits with headers, too, while the listener takes nobody', async () => {
    const scene = await listenOver(tcp({ port: 0, proxy: { from: ['127.0.0.1'] } }))
    scene.listener.pause()
    const peer = await dialTcp(scene.address)
    peer.send(`${HEADER}hello\r\n`)
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(scene.sockets).toEqual([])
    scene.listener.resume()
    await until(() => scene.lines.length === 1)
    peer.reset()
  })
})

describe('TLS while the listener takes nobody', () => {
  it('waits before the handshake', async () => {
    const authority = await makeAuthority()
    const certificate = await makeCertificate(authority, { names: ['localhost'] })
    const scene = await listenOver(tls({ port: 0, certificates: [certificate] }))
    scene.listener.pause()
    let secured = false
    const dialling = dialTls(scene.address, { ca: authority.cert, servername: 'localhost' }).then((peer) => {
      secured = true
      return peer
    })
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(secured).toBe(false)
    scene.listener.resume()
    const peer = await dialling
    peer.send('hello\r\n')
    await until(() => scene.lines.length === 1)
    peer.reset()
  })
})
