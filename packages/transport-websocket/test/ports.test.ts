import { once } from 'node:events'
import { connect } from 'node:net'
import { type CloseReason, createDriver, type Driver, type Listener, type Socket } from '@mudwire/core'
import { makeAuthority, makeCertificate } from '@mudwire/test-support/certificates'
import { tcp } from '@mudwire/transport-tcp'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { type PortOptions, webSocket } from '../src/index.ts'
import { hear, open, refusedStatus } from './support/scene.ts'

/** A listener on a port of its own, and what happens there. */
async function listenOn(options: Partial<PortOptions> = {}) {
  const driver: Driver = createDriver()
  onTestFinished(() => driver.close({ deadlineMs: 1 }))
  const heard = hear()
  const failures: string[] = []
  const admitted: string[] = []
  const listener: Listener = driver.owner('inetd').listen(webSocket({ port: 0, ...options }), {
    admit: (remote) => admitted.push(remote.address) > 0,
    accepted: heard.accepted,
    failed: (error) => failures.push(error.message),
  })
  const [address] = await listener.opened
  return { driver, heard, listener, failures, admitted, port: address?.port ?? 0 }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve))
}

/** What an HTTP server says to some bytes. */
async function answerTo(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(bytes)
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
  })
  await once(socket, 'close')
  return text
}

describe('a port of its own', () => {
  it('has nothing for who asks for a page, another path, or no HTTP at all', async () => {
    const { port, heard } = await listenOn()
    const page = await fetch(`http://127.0.0.1:${port}/`)
    expect([page.status, page.headers.get('upgrade')]).toEqual([426, 'websocket'])
    expect(await refusedStatus(port, '/elsewhere')).toBe(404)
    expect(await answerTo(port, 'look\r\n')).toMatch(/^HTTP\/1\.1 400 /)
    expect(heard.sockets).toEqual([])
  })

  it('does not wait for an upgrade that is never finished, and counts it', async () => {
    const { port, failures } = await listenOn({ upgradeDeadlineMs: 200 })
    const text = await answerTo(port, 'GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: webso')
    expect(text).toBe('')
    expect(failures).toEqual(['A handshake has taken longer than 200 ms.'])
  })

  it('lets clients wait before their upgrade while nobody takes them', async () => {
    const { port, listener, heard, admitted } = await listenOn()
    listener.pause()
    const client = new WebSocket(`ws://127.0.0.1:${port}/ws`)
    let opened = false
    const opening = once(client, 'open').then(() => {
      opened = true
    })
    await until(() => admitted.length === 1)
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(opened).toBe(false)
    listener.resume()
    await heard.until(() => heard.sockets.length === 1)
    await opening
    client.terminate()
  })

  it('checks origins and gives facts as beside pages', async () => {
    const { port, heard } = await listenOn({ path: '/play' })
    expect(await refusedStatus(port, '/play', { origin: 'http://evil.example' })).toBe(403)
    const client = await open(port, '/play?x', { headers: { 'User-Agent': 'test' } })
    await heard.until(() => heard.sockets.length === 1)
    expect(heard.sockets[0]?.facts).toMatchObject({
      secure: false,
      path: '/play',
      headers: { 'user-agent': 'test' },
    })
    client.terminate()
  })

  it('keeps sockets when the listener closes, and frees the port', async () => {
    const { port, listener, heard } = await listenOn()
    const client = await open(port)
    await heard.until(() => heard.sockets.length === 1)
    listener.close()
    await until(() => listener.state === 'closed')
    client.send('still here')
    await heard.until(() => heard.lines.includes('still here'))
    const again = await listenOn({ port })
    expect(again.port).toBe(port)
    client.terminate()
  })

  it('takes the peer from a PROXY header, with the upgrade in the same chunk', async () => {
    const { port, heard, admitted } = await listenOn({ proxy: { from: ['127.0.0.1'] } })
    const socket = connect(port, '127.0.0.1')
    socket.write(
      'PROXY TCP4 192.0.2.1 198.51.100.2 8080 80\r\nGET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n' +
        'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    )
    await heard.until(() => heard.sockets.length === 1)
    expect(heard.sockets[0]?.remote).toEqual({ family: 'IPv4', address: '192.0.2.1', port: 8080 })
    expect(heard.sockets[0]?.facts?.proxy?.address.address).toBe('127.0.0.1')
    expect(admitted).toEqual(['127.0.0.1'])
    socket.destroy()
  })
})

describe('wss', () => {
  it('is a port with certificates, which can be changed without dropping anybody', async () => {
    const authority = await makeAuthority()
    const [first, second] = [
      await makeCertificate(authority, { names: ['localhost', '127.0.0.1'] }),
      await makeCertificate(authority, { names: ['renewed', '127.0.0.1'] }),
    ]
    const driver = createDriver()
    onTestFinished(() => driver.close({ deadlineMs: 1 }))
    const heard = hear()
    const transport = webSocket({ port: 0, certificates: [first] })
    const [address] = await driver.owner('inetd').listen(transport, { accepted: heard.accepted }).opened
    const url = `wss://127.0.0.1:${address?.port}/ws`
    const client = driver.owner('client')
    const before = client.connect(webSocket({ url, ca: authority.cert }))
    await before.opened
    expect(before.facts?.tls?.certificate?.subject.CN).toBe('localhost')
    await transport.reload([second])
    const after = client.connect(webSocket({ url, ca: authority.cert }))
    await after.opened
    expect(after.facts?.tls?.certificate?.subject.CN).toBe('renewed')
    before.write('still here')
    await heard.until(() => heard.lines.includes('still here'))
    expect(heard.sockets[0]?.facts).toMatchObject({ secure: true, tls: { protocol: 'TLSv1.3' } })
    await expect(transport.reload([{ ...first, key: second.key }])).rejects.toThrow(
      /does not go with its key/,
    )
    await expect(client.connect(webSocket({ url })).opened).rejects.toMatchObject({ code: 'EECONNECT' })
    await expect(client.connect(webSocket({ url, verify: false })).opened).resolves.toBeDefined()
  })
})

describe('connecting', () => {
  it('takes part as any owner does: written while connecting, handed over, ended', async () => {
    const { port, heard, driver } = await listenOn({ text: 'stream' })
    const lines: string[] = []
    const closes: CloseReason[] = []
    const second = driver.owner('second', {
      offered: (offer) =>
        void (
          offer.kind === 'stream' &&
          offer.acquire({ line: (text) => lines.push(text), close: (reason) => closes.push(reason) })
        ),
    })
    const first = driver.owner('first')
    const url = `ws://127.0.0.1:${port}/ws`
    const socket: Socket = first.connect(webSocket({ url, headers: { 'User-Agent': 'a bot' } }))
    socket.write('hello')
    await heard.until(() => heard.lines.length === 1)
    socket.release(second.ref)
    heard.sockets[0]?.write('one\r\ntwo')
    await until(() => lines.length === 2)
    expect(heard.sockets[0]?.facts?.headers?.['user-agent']).toBe('a bot')
    heard.sockets[0]?.close({ wire: 4000, text: 'enough' })
    await until(() => closes.length === 1)
    expect(closes).toMatchObject([{ by: 'remote', kind: 'end', wire: 4000, text: 'enough' }])
  })

  it('is refused where nobody listens, where no WebSocket is spoken, and where the path is another', async () => {
    const driver = createDriver()
    onTestFinished(() => driver.close({ deadlineMs: 1 }))
    const owner = driver.owner('client')
    const listener = owner.listen(tcp({ port: 0 }))
    const [address] = await listener.opened
    const silent = owner.connect(webSocket({ url: `ws://127.0.0.1:${address?.port}/ws` }), undefined, {
      deadlineMs: 100,
    })
    await expect(silent.opened).rejects.toMatchObject({
      code: 'EECONNECT',
      message: expect.stringContaining('100 ms'),
    })
    listener.close()
    await until(() => listener.state === 'closed')
    const nobody = owner.connect(webSocket({ url: `ws://127.0.0.1:${address?.port}/ws` }))
    await expect(nobody.opened).rejects.toMatchObject({ code: 'EECONNREFUSED' })
    const { port } = await listenOn()
    const elsewhere = owner.connect(webSocket({ url: `ws://127.0.0.1:${port}/elsewhere` }))
    await expect(elsewhere.opened).rejects.toMatchObject({ message: expect.stringContaining('404') })
  })
})

describe('compression', () => {
  it('is agreed upon when it is offered, and makes long messages short', async () => {
    const { port, heard } = await listenOn({ compression: true })
    const client = new WebSocket(`ws://127.0.0.1:${port}/ws`)
    await once(client, 'open')
    expect(client.extensions).toBe('permessage-deflate')
    await heard.until(() => heard.sockets.length === 1)
    const long = 'the same words again and again. '.repeat(1_000)
    heard.sockets[0]?.write(long)
    const [message] = await once(client, 'message')
    expect(String(message)).toBe(long)
    client.terminate()
  })

  it('does not lift the limit: a small message that unfolds into a large one closes with 1009', async () => {
    const { port, heard } = await listenOn({ compression: true })
    const client = new WebSocket(`ws://127.0.0.1:${port}/ws`, { perMessageDeflate: { threshold: 0 } })
    await once(client, 'open')
    client.send('x'.repeat(10_000_000))
    const [code] = await once(client, 'close')
    expect(code).toBe(1009)
    expect(heard.closes).toMatchObject([{ kind: 'overflow', code: 'message-too-big' }])
  })
})
