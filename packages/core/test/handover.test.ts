import { describe, expect, it } from 'vitest'
import type { Socket, StreamOffer } from '../src/index.ts'
import { connected, listenWith, settle, setUp } from './support/setup.ts'

describe('a hand-over', () => {
  it('goes from inetd to a service within one arrival, and the service gets every byte', async () => {
    const bench = setUp()
    const seen: string[] = []
    const service = bench.driver.owner('echo', {
      offered(offer) {
        if (offer.kind !== 'stream') return
        offer.acquire({
          line: (text, _info, socket) => {
            seen.push(text)
            socket.write(`${text}!\r\n`)
          },
        })
      },
    })
    const inetd = bench.driver.owner('inetd')
    await listenWith(bench, inetd, (offer) => {
      const socket = offer.acquire()
      expect(socket?.release(service.ref)).toEqual({ acquired: true })
      expect(socket?.state).toBe('revoked')
    })
    const peer = bench.network.dial()
    peer.send('hello\nwor')
    bench.clock.run()
    peer.send('ld\r\n')
    bench.clock.run()
    expect(seen).toEqual(['hello', 'world'])
    expect(peer.text).toBe('hello!\r\nworld!\r\n')
    expect(bench.errors).toEqual([])
  })

  it('moves the rest of a chunk to the new owner', async () => {
    const bench = setUp()
    const seen: string[] = []
    const second = bench.driver.owner('second', {
      offered: (offer) => {
        if (offer.kind === 'stream')
          offer.acquire({ bytes: (chunk) => seen.push(Buffer.from(chunk).toString('latin1')) })
      },
    })
    const first = bench.driver.owner('first')
    const { peer } = await connected(bench, first, {
      line(text, _info, socket) {
        seen.push(text)
        socket.release(second.ref)
      },
    })
    peer.send('one\r\ntwo\r\nhalf')
    bench.clock.run()
    expect(seen).toEqual(['one', 'two\r\nhalf'])
  })

  it('may be declined, with a reason, and changes nothing', async () => {
    const bench = setUp()
    const busy = bench.driver.owner('busy', { offered: (offer) => offer.decline('full') })
    const first = bench.driver.owner('first')
    const { socket, peer } = await connected(bench, first)
    expect(socket.release(busy.ref)).toEqual({
      acquired: false,
      code: 'EESOCKNOTRLSD',
      reason: 'full',
      owned: true,
    })
    socket.write('sorry')
    bench.clock.run()
    expect(peer.text).toBe('sorry')
  })

  it('may take its time', async () => {
    const bench = setUp()
    let late: StreamOffer | undefined
    let answer: (() => void) | undefined
    const slow = bench.driver.owner('slow', {
      async offered(offer) {
        if (offer.kind === 'stream') late = offer
        await new Promise<void>((resolve) => {
          answer = resolve
        })
      },
    })
    const seen: string[] = []
    const first = bench.driver.owner('first')
    const { socket, peer } = await connected(bench, first, { line: (text) => seen.push(`first ${text}`) })
    const result = socket.offer(slow.ref, { message: 'please' })
    peer.send('while on offer\n')
    await settle(bench)
    expect(seen).toEqual([])
    socket.write('still mine')
    const taken: Socket | undefined = late?.acquire({ line: (text) => seen.push(`slow ${text}`) })
    answer?.()
    await settle(bench)
    expect(await result).toEqual({ acquired: true })
    expect(taken?.state).toBe('open')
    expect(seen).toEqual(['slow while on offer'])
    expect(peer.text).toBe('still mine')
  })
})
