import {
  type CloseReason,
  createDriver,
  type Driver,
  type DriverOptions,
  type Owner,
  type Socket,
  type StreamOffer,
} from '@mudwire/core'
import { drivenClock } from '@mudwire/core/memory'
import { dialTcp } from '@mudwire/test-support/raw-socket'
import { describe, expect, it, onTestFinished } from 'vitest'
import { tcp, tls, unix } from '../src/index.ts'

interface Scene {
  readonly driver: Driver
  readonly inetd: Owner
  dial(): ReturnType<typeof dialTcp>
}

/** A driver whose inetd listens on a free port and gives every connection to `accepted`. */
async function listening(
  accepted: (offer: StreamOffer<undefined>) => void | Promise<void>,
  options: DriverOptions = {},
): Promise<Scene & { readonly listener: ReturnType<Owner['listen']> }> {
  const driver = createDriver(options)
  onTestFinished(() => driver.close({ deadlineMs: 1 }))
  const inetd = driver.owner('inetd')
  const listener = inetd.listen(tcp({ port: 0 }), { accepted })
  const [address] = await listener.opened
  if (!address) throw new Error('no address')
  return { driver, inetd, listener, dial: () => dialTcp(address) }
}

/** A line's worth of patience: waits for the event loop until it is so. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve))
}

const textOf = (peer: { readonly received: readonly (string | Uint8Array)[] }): string =>
  Buffer.concat(peer.received.map((chunk) => Buffer.from(chunk))).toString()

describe('over real TCP', () => {
  it('a reset is never taken for an end, also when it came while nobody read', async () => {
    const sockets: Socket[] = []
    const { dial } = await listening((offer) => {
      const socket = offer.acquire()
      if (socket) sockets.push(socket)
    })
    const peer = await dial()
    // No multiple of what Node reads at a time: only then it mistakes the reset.
    peer.send(new Uint8Array(1_000))
    await until(() => sockets.length === 1 && peer.unsent === 0)
    peer.reset()
    await until(() => peer.ended !== undefined)
    const heard: (string | CloseReason)[] = []
    sockets[0]?.handle({
      bytes: (bytes) => heard.push(`${bytes.byteLength} bytes`),
      end: () => heard.push('end'),
      close: (reason) => heard.push(reason),
    })
    await until(() => sockets[0]?.state === 'closed' && typeof heard.at(-1) === 'object')
    expect(heard).toMatchObject(['1000 bytes', { by: 'remote', kind: 'abort', code: 'reset' }])
  })

  it('a hand-over in the middle of a chunk loses nothing', async () => {
    const seen: string[] = []
    const { driver, dial } = await listening((offer) => {
      offer.acquire({
        line(text, _info, socket) {
          seen.push(`first ${text}`)
          socket.release(second.ref)
        },
      })
    })
    const second = driver.owner('second', {
      offered: (offer) =>
        void (
          offer.kind === 'stream' &&
          offer.acquire({
            line(text, _info, socket) {
              seen.push(`second ${text}`)
              socket.write(`${text}!\r\n`)
            },
          })
        ),
    })
    const peer = await dial()
    peer.send('one\r\ntwo\r\nthr')
    await until(() => seen.length === 2)
    peer.send('ee\r\n')
    await until(() => textOf(peer) === 'two!\r\nthree!\r\n')
    expect(seen).toEqual(['first one', 'second two', 'second three'])
    peer.close()
  })

  it('three lines and FIN during an offer all reach the acquirer, and then the end', async () => {
    const seen: string[] = []
    let late: StreamOffer | undefined
    let owned: Socket | undefined
    const { driver, dial } = await listening((offer) => {
      owned = offer.acquire({ line: (text) => seen.push(`owner ${text}`) })
    })
    const target = driver.owner('target', {
      offered(offer) {
        if (offer.kind === 'stream') late = offer
        return new Promise(() => {})
      },
    })
    const peer = await dial()
    await until(() => owned !== undefined)
    const result = owned?.offer(target.ref)
    peer.send('one\ntwo\nthree\n')
    peer.end()
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    late?.acquire({ line: (text) => seen.push(text), end: () => seen.push('end') })
    expect(await result).toEqual({ acquired: true })
    await until(() => seen.includes('end'))
    expect(seen).toEqual(['one', 'two', 'three', 'end'])
    peer.reset()
  })

  it('a peer that resets during an offer is EEBADF to the owner, once the link reads or writes', async () => {
    const closes: CloseReason[] = []
    let owned: Socket | undefined
    const { driver, dial } = await listening((offer) => {
      owned = offer.acquire({ line: () => {}, close: (reason) => closes.push(reason) })
    })
    const target = driver.owner('target', { offered: () => new Promise(() => {}) })
    const peer = await dial()
    await until(() => owned !== undefined)
    const result = owned?.offer(target.ref)
    peer.reset()
    // While reading is held a reset shows only when something is written: that is why offers have deadlines.
    while (owned?.state === 'open') {
      owned.write('are you there?')
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await result).toMatchObject({ acquired: false, code: 'EEBADF', owned: false })
    await until(() => closes.length === 1)
    expect(closes).toMatchObject([{ by: 'remote', kind: 'abort', code: 'reset' }])
  })

  it('a farewell of 200 kB reaches a peer that reads it long after the socket was closed', async () => {
    const clock = drivenClock()
    const farewell = 'We are full. '.repeat(16_000)
    const closes: CloseReason[] = []
    const { dial } = await listening(
      (offer) => {
        const socket = offer.acquire({ close: (reason) => closes.push(reason) })
        socket?.write(farewell)
        socket?.close({ code: 'full' })
      },
      { now: clock.now, schedule: clock.schedule },
    )
    const peer = await dial()
    peer.pause()
    peer.send('hello\r\n'.repeat(1_000))
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    clock.advance(5_000)
    await until(() => closes.length === 1)
    expect(closes).toMatchObject([{ by: 'local', kind: 'end', code: 'full' }])
    peer.resume()
    await until(() => peer.ended !== undefined)
    expect(peer.ended?.clean).toBe(true)
    expect(textOf(peer) === farewell).toBe(true)
  })

  it('a connection that nobody acquires ends without a byte', async () => {
    const { dial } = await listening(() => {})
    const peer = await dial()
    await until(() => peer.ended !== undefined)
    expect(peer.ended).toEqual({ clean: true })
    expect(peer.received).toEqual([])
    peer.close()
  })

  it('of 200 connections to a paused listener 128 wait and are served, the others end', async () => {
    const greeted: string[] = []
    const { listener, dial } = await listening((offer) => {
      offer.acquire({ line: (text) => greeted.push(text) })
    })
    listener.pause()
    const peers = await Promise.all(Array.from({ length: 200 }, () => dial()))
    for (const peer of peers) peer.send('hello\n')
    await until(() => listener.waiting === 128 && peers.filter((peer) => peer.ended).length === 72)
    expect(greeted).toEqual([])
    listener.resume()
    await until(() => greeted.length === 128)
    for (const peer of peers) peer.reset()
  })

  it('a peer that never reads is cut off at the hard limit, and nobody else waits for it', async () => {
    const closes: CloseReason[] = []
    const sockets: Socket[] = []
    const { dial } = await listening((offer) => {
      const socket = offer.acquire({ line: () => {}, close: (reason) => closes.push(reason) })
      if (socket) sockets.push(socket)
    })
    const [stuck, fine] = [await dial(), await dial()]
    await until(() => sockets.length === 2)
    stuck.pause()
    const chunk = 'x'.repeat(100_000)
    let sent = 0
    while (closes.length === 0) {
      for (const socket of sockets) socket.write(chunk)
      sent += chunk.length
      await until(() => sizeOf(fine) >= sent || closes.length > 0)
    }
    expect(closes).toMatchObject([{ by: 'local', kind: 'overflow', code: 'slow-reader' }])
    expect(sockets.map(({ state }) => state).sort()).toEqual(['closed', 'open'])
    for (const peer of [stuck, fine]) peer.reset()
  })
})

function sizeOf(peer: { readonly received: readonly (string | Uint8Array)[] }): number {
  return peer.received.reduce((sum, chunk) => sum + chunk.length, 0)
}

describe('tcp()', () => {
  it('takes only ports that are ports', () => {
    for (const port of [-1, 65_536, 1.5, Number.NaN, '4000' as never])
      expect(() => tcp({ port })).toThrow(TypeError)
    expect(() => tcp({ port: 1, localPort: -1 })).toThrow(/localPort/)
  })

  it('takes only numbers that mean something', () => {
    for (const number of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => tcp({ port: 0, backlog: number })).toThrow(/^backlog is a whole number from 1/)
      expect(() => tcp({ port: 0, keepAliveMs: number })).toThrow(/^keepAliveMs is a whole number from 0/)
      expect(() => tcp({ port: 0, proxy: { from: [], deadlineMs: number } })).toThrow(/^deadlineMs/)
      expect(() => tls({ port: 0, handshakeDeadlineMs: number })).toThrow(/^handshakeDeadlineMs/)
      expect(() => unix({ path: '@x', backlog: number })).toThrow(/^backlog/)
    }
    expect(() => tcp({ port: 0, keepAliveMs: 0 })).not.toThrow()
    expect(() => tcp({ port: 0, backlog: 0 })).toThrow(TypeError)
  })

  it('listens on this machine alone unless it is told otherwise', async () => {
    const driver = createDriver()
    onTestFinished(() => driver.close())
    const [address] = await driver.owner('inetd').listen(tcp({ port: 0 })).opened
    expect(address?.address).toBe('127.0.0.1')
    const everywhere = await driver.owner('inetd').listen(tcp({ port: 0, host: '::' })).opened
    const peer = await dialTcp({ family: 'IPv4', address: '127.0.0.1', port: everywhere[0]?.port ?? 0 })
    peer.reset()
  })

  it('connects from the address and port that it is told', async () => {
    const driver = createDriver()
    onTestFinished(() => driver.close({ deadlineMs: 1 }))
    const owner = driver.owner('inetd')
    const remotes: (number | undefined)[] = []
    const [address] = await owner.listen(tcp({ port: 0 }), {
      accepted(offer) {
        remotes.push(offer.remote?.port)
        offer.acquire({ line: () => {} })
      },
    }).opened
    const free = owner.listen(tcp({ port: 0 }))
    const [reserved] = await free.opened
    free.close()
    await until(() => free.state === 'closed')
    const socket = owner.connect(
      tcp({ port: address?.port ?? 0, localPort: reserved?.port ?? 0, localAddress: '127.0.0.1' }),
    )
    expect(await socket.opened).toEqual({ family: 'IPv4', address: '127.0.0.1', port: reserved?.port })
    await until(() => remotes.length === 1)
    expect(remotes).toEqual([reserved?.port])
  })

  it('tells the local address as soon as the system has given it one, before it is connected', async () => {
    const driver = createDriver()
    onTestFinished(() => driver.close({ deadlineMs: 1 }))
    const [address] = await driver.owner('inetd').listen(tcp({ port: 0 })).opened
    for (const make of [tcp, tls]) {
      const stop = new AbortController()
      let told: unknown
      const connecting = make({ port: address?.port ?? 0 }).connect({
        signal: stop.signal,
        bound: (local) => {
          told = local
        },
      })
      expect(told).toEqual({ family: 'IPv4', address: '127.0.0.1', port: expect.any(Number) })
      stop.abort()
      await connecting.then(
        (link) => link.abort(),
        () => {},
      )
    }
  })
})
