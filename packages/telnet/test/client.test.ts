import { createDriver, type Socket } from '@mudwire/core'
import { drivenClock, memory } from '@mudwire/core/memory'
import { tcp } from '@mudwire/transport-tcp'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type TelnetOptions, telnet, telnetLayer, terminal } from '../src/index.ts'
import { recording, until } from './support/bench.ts'

/** A server and a client of ours, over memory and one clock. */
async function joined(options: TelnetOptions = {}) {
  const clock = drivenClock()
  const driver = createDriver(clock)
  onTestFinished(() => void driver.close({ deadlineMs: 0 }))
  const network = memory({ clock })
  const [atServer, atClient]: [unknown[], unknown[]] = [[], []]
  let accepted: Socket | undefined
  const listener = driver.owner('server').listen(
    telnet(network, {
      clock,
      compression: false,
      mssp: () => ({ NAME: 'Mudwire', PLAYERS: 3 }),
      ...options,
    }),
    {
      accepted(offer) {
        accepted = offer.acquire(recording(atServer))
      },
    },
  )
  await listener.opened
  const client = driver.owner('client').connect(
    telnet(network, {
      clock,
      compression: false,
      side: 'client',
      client: {
        name: 'BOT',
        version: '2',
        windowSize: { columns: 255, rows: 40 },
        gmcp: ['Char 1'],
        mtts: 333,
      },
    }),
    recording(atClient),
  )
  const opened = client.opened
  for (let round = 0; round < 5; round += 1) {
    clock.run()
    await new Promise((resolve) => setImmediate(resolve))
  }
  await opened
  // Whoever goes on answering for ever makes this throw.
  clock.run()
  if (!accepted) throw new Error('nobody took the connection')
  return { clock, server: accepted, client, atServer, atClient }
}

describe('a server and a client of ours', () => {
  it('come to rest, and know each other', async () => {
    const { server, client, atClient } = await joined()
    expect(terminal(server)).toEqual({
      client: 'BOT',
      version: '2',
      type: 'ANSI',
      colours: 'true',
      utf8: true,
      screenReader: true,
      hyperlinks: false,
      mode: 'line',
      compression: { sent: false, received: false },
      gmcp: ['char'],
      settled: true,
      size: { columns: 255, rows: 40 },
    })
    expect(atClient).toEqual([['mssp', { NAME: 'Mudwire', PLAYERS: '3' }]])
    expect(terminal(client).settled).toBe(false)
  })

  it('speak in signals', async () => {
    const { clock, server, client, atServer, atClient } = await joined()
    atClient.length = 0
    atServer.length = 0
    server.write('Password: ')
    server.signal('echo', false)
    clock.run()
    client.write('secret\n')
    client.signal('windowSize', { columns: 90, rows: 30 })
    clock.run()
    server.signal('echo', true)
    server.signal('gmcp', { package: 'Char.Vitals', data: { hp: 3 } })
    client.signal('gmcp', { package: 'Char.Login', data: {} })
    client.write('look\n')
    client.flush()
    server.write('Hi!\n')
    clock.run()
    client.signal('roundTrip', undefined)
    clock.run()
    client.write('who\n')
    clock.run()
    expect(atClient).toEqual([
      ['echo', false],
      ['prompt', undefined],
      ['echo', true],
      ['gmcp', { package: 'Char.Vitals', data: { hp: 3 } }],
      'Password: Hi!',
      ['roundTrip', 0],
    ])
    expect(atServer).toEqual([
      ['sensitive', true],
      'secret',
      ['windowSize', { columns: 90, rows: 30 }],
      ['gmcp', { package: 'Char.Login', data: {} }],
      'look',
      ['sensitive', false],
      'who',
    ])
  })

  it('do not offer compression beneath TLS', () => {
    const written: number[] = []
    telnetLayer({ keepAliveMs: 0, clock: drivenClock() })({
      shape: 'stream',
      halfClose: true,
      encoding: 'utf8',
      local: { family: 'memory', address: 'a' },
      remote: { family: 'memory', address: 'b' },
      facts: { secure: true },
      buffered: 0,
      attach() {},
      write(chunk) {
        written.push(...Buffer.from(chunk as string))
        return true
      },
      pause() {},
      resume() {},
      end() {},
      abort() {},
    })
    expect(written).toContain(24)
    expect(written).not.toContain(86)
  })
})

describe('over real TCP', () => {
  it('a compressed connection goes from owner to owner in the middle of everything', async () => {
    const driver = createDriver()
    onTestFinished(() => driver.close({ deadlineMs: 1 }))
    const heard: string[] = []
    const second = driver.owner('second', {
      offered(offer) {
        if (offer.kind !== 'stream') return
        const socket = offer.acquire({
          line(text, _info, from) {
            heard.push(`second ${text}`)
            if (text === 'give it back') from.release(first.ref)
          },
        })
        socket?.write('the second has you\n')
      },
    })
    const first = driver.owner('first', {
      offered(offer) {
        if (offer.kind === 'stream') offer.acquire({ line: (text) => void heard.push(`first ${text}`) })
      },
    })
    let server: Socket | undefined
    const listener = first.listen(telnet(tcp({ port: 0 })), {
      accepted(offer) {
        server = offer.acquire({
          line(text, _info, socket) {
            heard.push(`first ${text}`)
            if (text === 'hand me over') socket.release(second.ref)
          },
        })
      },
    })
    const [address] = await listener.opened
    const read: string[] = []
    const client = driver
      .owner('client')
      .connect(telnet(tcp({ port: address?.port ?? 0 }), { side: 'client' }), {
        line: (text) => void read.push(text),
      })
    await until(() => server !== undefined && terminal(server).compression.received)
    expect(terminal(server as Socket).compression).toEqual({ sent: true, received: true })
    client.write('one\nhand me over\ntwo\ngive it back\nthr')
    client.write('ee\n')
    await until(() => heard.length === 5 && read.length === 1)
    expect(heard).toEqual([
      'first one',
      'first hand me over',
      'second two',
      'second give it back',
      'first three',
    ])
    expect(read).toEqual(['the second has you'])
  })
})
