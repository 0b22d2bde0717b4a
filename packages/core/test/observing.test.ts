import { describe, expect, it } from 'vitest'
import { createDriver, type Observer, type Socket } from '../src/index.ts'
import { drivenClock, memory } from '../src/memory/index.ts'
import { connected, listenWith, settle, setUp } from './support/setup.ts'

describe('the observer', () => {
  it('sees a connection from its arrival to its end', async () => {
    const seen: string[] = []
    const observer: Observer = {
      opened: ({ kind, local }) => seen.push(`opened ${kind} ${local?.address}`),
      accepted: ({ id, remote }, listener) => seen.push(`accepted ${id > listener.id} ${remote?.address}`),
      offered: (_socket, from, to) => seen.push(`offered ${from?.name} ${to.name}`),
      acquired: ({ owner, epoch }, from, to) =>
        seen.push(`acquired ${from?.name} ${to.name} ${owner?.name} ${epoch}`),
      declined: (_socket, from, to, { code, reason }) =>
        seen.push(`declined ${from?.name} ${to.name} ${code} ${reason}`),
      closed: ({ state, position }, { code }) =>
        seen.push(`closed ${state} ${position.read}/${position.written} ${code}`),
      error: ({ handler }) => seen.push(`error ${handler}`),
    }
    const bench = setUp({ observer })
    const busy = bench.driver.owner('busy', { offered: (offer) => offer.decline('full') })
    const echo = bench.driver.owner('echo', {
      offered(offer) {
        if (offer.kind !== 'stream') return
        offer.acquire({
          line(text, _info, socket) {
            socket.write(text)
            throw new Error('on purpose')
          },
        })
      },
    })
    await listenWith(bench, bench.driver.owner('inetd'), (offer) => {
      const socket = offer.acquire()
      socket?.release(busy.ref)
      socket?.release(echo.ref)
    })
    const peer = bench.network.dial()
    peer.send('hello\n')
    bench.clock.run()
    peer.end()
    await settle(bench)
    expect(seen).toEqual([
      'opened listener memory',
      'accepted true memory-1',
      'offered undefined inetd',
      'acquired undefined inetd inetd 1',
      'offered inetd busy',
      'declined inetd busy EESOCKNOTRLSD full',
      'offered inetd echo',
      'acquired inetd echo echo 2',
      'error line',
      'closed closed 6/5 end',
    ])
  })

  it('and the policy may change nothing', async () => {
    let socket: Socket | undefined
    const tried: string[] = []
    const attempt = (name: string): void => {
      try {
        socket?.write('x')
        tried.push(`${name} could write`)
      } catch (error) {
        tried.push(`${name} ${(error as { code?: string }).code}`)
      }
      expect(() => socket?.close()).toThrow(expect.objectContaining({ code: 'EEREENTRY' }))
      expect(() => owner.destroy()).toThrow(expect.objectContaining({ code: 'EEREENTRY' }))
      expect(() => owner.connect(bench.network)).toThrow(expect.objectContaining({ code: 'EEREENTRY' }))
    }
    const bench = setUp({
      policy({ operation }) {
        if (operation === 'release') attempt('policy')
        return true
      },
      observer: { offered: () => attempt('observer') },
    })
    const owner = bench.driver.owner('owner')
    const target = bench.driver.owner('target')
    socket = (await connected(bench, owner)).socket
    socket.release(target.ref)
    expect(tried).toEqual(['policy EEREENTRY', 'observer EEREENTRY'])
    expect(bench.errors).toEqual([])
    expect(socket.write('afterwards')).toBe(true)
  })

  it('that throws is reported, and nothing else happens; a policy that throws refuses', async () => {
    const boom = (): never => {
      throw new Error('on purpose')
    }
    const bench = setUp({
      policy: ({ operation }) => (operation === 'release' ? boom() : true),
      observer: { opened: boom, declined: boom, error: boom },
    })
    const { socket } = await connected(bench, bench.driver.owner('owner'))
    const target = bench.driver.owner('target')
    expect(socket.release(target.ref)).toEqual({
      acquired: false,
      code: 'EESECURITY',
      reason: 'policy',
      owned: true,
    })
    expect(bench.errors.map(({ handler }) => handler)).toEqual([
      'observer.opened',
      'policy',
      'observer.error',
      'observer.declined',
    ])
  })
})

describe('the error hook', () => {
  it('that throws, or that is not there, leaves the error to the console', async () => {
    const clock = drivenClock()
    const network = memory({ clock })
    const told: unknown[][] = []
    const { error } = console
    console.error = (...words: unknown[]) => told.push(words)
    try {
      for (const onError of [
        undefined,
        () => {
          throw new Error('the hook')
        },
      ]) {
        const driver = createDriver({ ...clock, ...(onError && { onError }) })
        const socket = driver.owner('owner').connect(network, {
          line() {
            throw new Error('the handler')
          },
        })
        await new Promise((resolve) => setImmediate(resolve))
        network.answer().send('x\n')
        await socket.opened
        clock.run()
      }
    } finally {
      console.error = error
    }
    expect(told).toEqual([
      [expect.stringContaining("'line' of owner 'owner'"), new Error('the handler')],
      [expect.stringContaining("error in 'line'"), new Error('the hook')],
    ])
  })
})
