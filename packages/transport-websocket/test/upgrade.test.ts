import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { webSocket } from '../src/index.ts'
import { listeningServer } from './support/raw-websocket.ts'
import { hear, listenAt, open, refusedStatus } from './support/scene.ts'

describe('an upgrade', () => {
  it('at another path is answered with 404, and pages are served as before', async () => {
    const { port } = await listenAt(() => {})
    expect(await refusedStatus(port, '/elsewhere')).toBe(404)
    expect(await refusedStatus(port, '/ws/deeper')).toBe(404)
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('a page')
  })

  it('at another path is left to another listener, if there is one', async () => {
    const heard = hear()
    const { server, port } = await listenAt(heard.accepted)
    const other = new WebSocketServer({ noServer: true })
    server.on('upgrade', (request, socket, head) => {
      if (request.url === '/other')
        other.handleUpgrade(request, socket, head, (client) => client.send('other'))
    })
    const theirs = await open(port, '/other')
    const ours = await open(port, '/ws?with=a+query')
    await heard.until(() => heard.sockets.length === 1)
    expect(heard.sockets[0]?.facts?.path).toBe('/ws')
    theirs.terminate()
    ours.terminate()
  })

  it('reaches the right one of two transports on one server', async () => {
    const [one, two] = [hear(), hear()]
    const { server, port, owner } = await listenAt(one.accepted, { path: '/one' })
    const second = owner.listen(webSocket({ server, path: '/two' }), { accepted: two.accepted })
    await second.opened
    expect(server.listenerCount('upgrade')).toBe(1)
    await Promise.all([open(port, '/one'), open(port, '/two')])
    await one.until(() => one.sockets.length === 1)
    await two.until(() => two.sockets.length === 1)
    second.close()
    expect(await refusedStatus(port, '/two')).toBe(404)
    await open(port, '/one')
    await one.until(() => one.sockets.length === 2)
  })

  it('leaves the server as it was when the listener closes', async () => {
    const { server, port, listener } = await listenAt(() => {})
    const theirs = (): void => {}
    server.on('upgrade', theirs)
    listener.close()
    expect(server.listeners('upgrade')).toEqual([theirs])
    expect(server.listening).toBe(true)
    expect((await fetch(`http://127.0.0.1:${port}/`)).ok).toBe(true)
  })

  it('ends the listener when the server itself closes', async () => {
    const server = await listeningServer()
    const closes: string[] = []
    const { owner } = await listenAt(() => {}, { server })
    const listener = owner.listen(webSocket({ server, path: '/two' }), {
      closed: ({ code }) => closes.push(code),
    })
    await listener.opened
    server.close()
    await once(server, 'close')
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
    expect(closes).toEqual(['server-closed'])
  })

  it('from a page of another host is refused, unless it is on the list', async () => {
    const own = await listenAt(() => {})
    expect(await refusedStatus(own.port, '/ws', { origin: 'http://evil.example' })).toBe(403)
    expect(await refusedStatus(own.port, '/ws', { origin: 'null' })).toBe(403)
    expect(await refusedStatus(own.port, '/ws', { origin: `http://127.0.0.1:${own.port + 1}` })).toBe(403)
    await open(own.port, '/ws', { origin: `http://127.0.0.1:${own.port}` })
    await open(own.port, '/ws')
    const listed = await listenAt(() => {}, { origins: ['https://play.example'] })
    await open(listed.port, '/ws', { origin: 'https://play.example' })
    expect(await refusedStatus(listed.port, '/ws', { origin: `http://127.0.0.1:${listed.port}` })).toBe(403)
    const any = await listenAt(() => {}, { origins: 'any' })
    await open(any.port, '/ws', { origin: 'http://evil.example' })
  })

  it('that is none is answered with 400, and told as failed', async () => {
    const { port, listener } = await listenAt(() => {})
    const failed: string[] = []
    listener.handle({ failed: (error) => failed.push(error.message) })
    const socket = connect(port, '127.0.0.1')
    socket.write(
      'GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n',
    )
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 /)
    expect(failed).toEqual(['Missing or invalid Sec-WebSocket-Key header'])
    await once(socket, 'close')
  })

  it('is answered with 503 and Retry-After while the listener takes nobody', async () => {
    const heard = hear()
    const { port, listener } = await listenAt(heard.accepted)
    listener.pause()
    const socket = connect(port, '127.0.0.1')
    socket.write('GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 503 [\s\S]*Retry-After: 5\r\n/)
    listener.resume()
    await open(port)
    await heard.until(() => heard.sockets.length === 1)
  })

  it('is refused by a listener whose path is taken, or is none', async () => {
    const { server, owner } = await listenAt(() => {})
    await expect(owner.listen(webSocket({ server })).opened).rejects.toMatchObject({ code: 'EEADDRINUSE' })
    expect(() => webSocket({ server, path: 'ws' })).toThrow(TypeError)
    expect(() => webSocket({ server, path: '/ws?x' })).toThrow(TypeError)
  })

  it('takes only numbers that mean something: to `ws`, 0 and Infinity would be no limit at all', () => {
    for (const number of [-1, 0, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => webSocket({ port: 0, maxMessage: number })).toThrow(/^maxMessage is a whole number from 1/)
      expect(() => webSocket({ port: 0, maxFragments: number })).toThrow(/^maxFragments/)
      expect(() => webSocket({ port: 0, upgradeDeadlineMs: number })).toThrow(/^upgradeDeadlineMs/)
    }
    expect(() => webSocket({ url: 'ws://localhost', pingIntervalMs: -1 })).toThrow(/^pingIntervalMs/)
    expect(() => webSocket({ port: 0, pingIntervalMs: 0 })).not.toThrow()
  })

  it('gives the owner the facts, and no request', async () => {
    const heard = hear()
    const { port } = await listenAt(heard.accepted)
    await open(port, '/ws', { headers: { 'User-Agent': 'test', Cookie: 'secret=1' } })
    await heard.until(() => heard.sockets.length === 1)
    expect(heard.sockets[0]?.facts).toEqual({
      secure: false,
      path: '/ws',
      headers: { host: `127.0.0.1:${port}`, 'user-agent': 'test' },
    })
    expect(heard.sockets[0]?.remote).toMatchObject({ family: 'IPv4', address: '127.0.0.1' })
  })
})
