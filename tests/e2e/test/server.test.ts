import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { runToEnd, startServer } from './support/server.ts'

/** Everything that a socket receives until the other side ends. */
async function everything(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
  })
  await once(socket, 'end')
  return text
}

async function textBy(socket: Socket, what: string): Promise<string> {
  let text = ''
  while (!text.includes(what)) text += String((await once(socket, 'data'))[0])
  return text
}

describe('the command line', () => {
  it('says how it is used, and which version it is', async () => {
    const help = await runToEnd(['--help'])
    expect(help.code).toBe(0)
    for (const word of [
      '--host',
      '--telnet-port',
      '--http-port',
      '--services-port-base',
      '--accounts',
      'MUDWIRE_HTTP_PORT',
      '8080',
    ]) {
      expect(help.stdout).toContain(word)
    }
    const version = await runToEnd(['--version'])
    expect(version).toMatchObject({ code: 0, stderr: '' })
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  it.each([
    [['--telnet-port', '99999'], {}, "--telnet-port is a port from 0 to 65535, not '99999'."],
    [['--http-port', 'http'], {}, "--http-port is a port from 0 to 65535, not 'http'."],
    [['--services-port-base', '65530'], {}, "--services-port-base is a port from 0 to 65522, not '65530'."],
    [[], { MUDWIRE_TELNET_PORT: '-1' }, "MUDWIRE_TELNET_PORT is a port from 0 to 65535, not '-1'."],
    [['--wrong'], {}, "Unknown option '--wrong'"],
    [
      ['--host', '203.0.113.7', '--telnet-port', '0'],
      {},
      '203.0.113.7 is no address of this machine. Choose another with --host.',
    ],
  ])('says what is wrong with %j %j in one sentence', async (args, environment, sentence) => {
    const { code, stdout, stderr } = await runToEnd(args, environment)
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain(sentence)
    expect(stderr).not.toContain('    at ')
  })

  it('says which port is in use, and which option chooses another', async () => {
    const running = await startServer()
    for (const [flag, port] of [
      ['--telnet-port', running.telnetPort],
      ['--http-port', running.httpPort],
    ] as const) {
      const free = ['--telnet-port', '0', '--http-port', '0', '--services-port-base', '0']
      const { code, stdout, stderr } = await runToEnd([...free, flag, `${port}`])
      expect(code).toBe(1)
      expect(stdout).toBe('')
      const sentence = `Port ${port} on 127.0.0.1 is in use. Stop what listens there, or choose another port with ${flag}.`
      expect(stderr.trim().split('\n').at(-1)).toBe(sentence)
    }
  })

  it('takes its settings from the environment, and the flags first', async () => {
    const server = await startServer([], { MUDWIRE_HOST: '::1' })
    expect(server.log()).toContain('[::1]:')
    const socket = connect(server.telnetPort, '::1')
    await textBy(socket, 'What is your name?')
    socket.destroy()
  })
})

describe('the small services', () => {
  it('echo sends bytes back, and daytime tells the time', async () => {
    const server = await startServer()
    const echo = connect(server.echoPort, '127.0.0.1')
    echo.write(Uint8Array.of(0, 255, 10, 13))
    const [answer] = await once(echo, 'data')
    expect([...answer]).toEqual([0, 255, 10, 13])
    echo.end()
    expect(await everything(connect(server.daytimePort, '127.0.0.1'))).toMatch(/GMT\r\n$/)
  })
})

describe('the telnet side', () => {
  it('keeps negotiation out of what is typed, and tells a list of games who plays', async () => {
    const server = await startServer()
    const client = connect(server.telnetPort, '127.0.0.1')
    const received: Buffer[] = []
    client.on('data', (chunk: Buffer) => received.push(chunk))
    const text = (): string => Buffer.concat(received).toString('latin1')
    const arrived = async (what: string): Promise<void> => {
      while (!text().includes(what)) await once(client, 'data')
    }
    await arrived('What is your name?')
    const [IAC, SB, SE, WILL, DO, NAWS, MSSP] = [255, 250, 240, 251, 253, 31, 70]
    client.write(Buffer.from([IAC, DO, MSSP]))
    await arrived('\x01PLAYERS\x020')
    client.write(
      Buffer.concat([
        Buffer.from('Mi'),
        Buffer.from([IAC, WILL, NAWS, IAC, SB, NAWS, 0, 80, 0, 24, IAC, SE]),
        Buffer.from('ra\r\n\r\n'),
      ]),
    )
    await arrived('Welcome, Mira.')
    client.destroy()
  })
})

describe('the HTTP side', () => {
  it('serves the page and nothing else, with headers that keep strangers out', async () => {
    const { url } = await startServer()
    const page = await fetch(url)
    expect(page.status).toBe(200)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    const again = await fetch(url, { headers: { 'If-None-Match': page.headers.get('etag') ?? '' } })
    expect(again.status).toBe(304)
    expect((await fetch(`${url}main.js`)).headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect((await fetch(`${url}package.json`)).status).toBe(404)
    expect((await fetch(`${url}../server.js`)).status).toBe(404)
    expect((await fetch(url, { method: 'POST', body: 'x' })).status).toBe(405)
    const head = await fetch(url, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
  })

  it('answers nonsense, and does not wait for an upgrade that is never finished', async () => {
    const { httpPort } = await startServer()
    const nonsense = connect(httpPort, '127.0.0.1')
    nonsense.write('\x16\x03\x01\x02\x00\x01\x00')
    expect(await everything(nonsense)).toMatch(/^HTTP\/1\.1 400 /)
    const unfinished = connect(httpPort, '127.0.0.1')
    unfinished.write('GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgr')
    // The deadline is ten seconds.
    expect(await everything(unfinished)).toMatch(/^HTTP\/1\.1 408 /)
  })

  it('refuses pages of other hosts and other paths', async () => {
    const { httpPort } = await startServer()
    const status = (path: string, origin: string): Promise<number | undefined> =>
      new Promise((resolve) => {
        const client = new WebSocket(`ws://127.0.0.1:${httpPort}${path}`, { origin })
        client.on('error', () => {})
        client.on('open', () => resolve(101))
        client.on('unexpected-response', (_request, response) => resolve(response.statusCode))
      })
    expect(await status('/ws', 'https://evil.example')).toBe(403)
    expect(await status('/', `http://127.0.0.1:${httpPort}`)).toBe(404)
    expect(await status('/ws', `http://127.0.0.1:${httpPort}`)).toBe(101)
  })
})

describe.each(['SIGINT', 'SIGTERM'] as const)('on %s', (signal) => {
  it('tells everybody, flushes, closes and exits with 0', async () => {
    const server = await startServer()
    const player = connect(server.telnetPort, '127.0.0.1')
    player.write('Ada\r\n\r\n')
    await textBy(player, 'Welcome, Ada')
    const waiting = connect(server.telnetPort, '127.0.0.1')
    await textBy(waiting, 'What is your name?')
    const browser = new WebSocket(`ws://127.0.0.1:${server.httpPort}/ws`)
    await once(browser, 'open')
    const [farewell, closed, exit] = [
      everything(player),
      once(browser, 'close'),
      once(server.process, 'exit'),
    ]
    server.process.kill(signal)
    expect(await farewell).toContain('The server is stopping. Please come back in a while.\r\n')
    const [code, reason] = await closed
    expect([code, String(reason)]).toEqual([1001, 'The server is stopping. Please come back in a while.'])
    expect(await exit).toEqual([0, null])
    const log = server.log()
    for (const line of log.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg')
    expect(log).toContain('"msg":"stopped"')
  })

  it('does not wait for ever for a client that does not read', async () => {
    const server = await startServer()
    const stuck = connect(server.telnetPort, '127.0.0.1')
    stuck.write('Ada\r\n\r\n')
    await textBy(stuck, 'Welcome, Ada')
    stuck.pause()
    const exit = once(server.process, 'exit')
    server.process.kill(signal)
    expect(await exit).toEqual([0, null])
    stuck.destroy()
  })
})

it('the log never has a word of what was said', async () => {
  const server = await startServer()
  const player = connect(server.telnetPort, '127.0.0.1')
  player.write('Ada\r\n\r\nsay a-secret-word\r\nxyzzy-unknown\r\nquit\r\n')
  await everything(player)
  server.process.kill('SIGTERM')
  await once(server.process, 'exit')
  expect(server.log()).toContain('"msg":"closed"')
  expect(server.log()).not.toMatch(/a-secret-word|xyzzy/)
})

it('binary garbage on a text service disturbs nothing', async () => {
  const server = await startServer()
  const garbage = connect(server.telnetPort, '127.0.0.1')
  for (let round = 0; round < 50; round += 1) {
    garbage.write(Uint8Array.from({ length: 500 }, () => Math.floor(Math.random() * 256)))
    garbage.write('\n')
  }
  const player = connect(server.telnetPort, '127.0.0.1')
  player.write('Ada\r\n\r\nsay still here\r\n')
  await textBy(player, 'You say: still here')
  garbage.destroy()
  player.destroy()
})
