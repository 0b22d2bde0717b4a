import { describe, expect, it } from 'vitest'
import type { Address, DatagramSocket, Observer, PolicyRequest, Transport } from '../src/index.ts'
import { bound, datagramHandlersOf } from './support/datagrams.ts'
import { settle, setUp } from './support/setup.ts'

describe('a datagram socket', () => {
  it('exchanges datagrams with another, each whole, with the sender’s address', async () => {
    const bench = setUp()
    const log: string[] = []
    const one = bench.driver.owner('one').bind(bench.network, {
      datagram(bytes, from, socket) {
        log.push(`one: ${Buffer.from(bytes).toString()}`)
        expect(socket).toBe(one)
        expect(socket.send(new Uint8Array([...bytes, 33]), from)).toBe(true)
      },
    })
    const two = bench.driver.owner('two').bind(bench.network, datagramHandlersOf(log, 'two'))
    const to = await one.opened
    expect(await two.opened).not.toEqual(to)
    const memory = Buffer.from('first')
    expect(two.send(memory, to)).toBe(true)
    // What is sent is what it was then.
    memory.fill(0)
    expect(two.send('zweïtes', to)).toBe(true)
    expect(log).toEqual([])
    bench.clock.run()
    expect(log).toEqual(['one: first', 'one: zweïtes', 'two: first!', 'two: zweïtes!'])
    expect([one.position, two.position]).toEqual([
      { read: 13, written: 15 },
      { read: 15, written: 13 },
    ])
  })

  it('holds them whole while it is paused, empty ones too', async () => {
    const bench = setUp()
    const log: string[] = []
    const { socket, send } = await bound(bench, bench.driver.owner('one'), datagramHandlersOf(log, 'one'))
    socket.pause()
    for (const text of ['a', '', 'b', '', '']) send(text)
    bench.clock.run()
    expect(log).toEqual([])
    expect(socket.position.read).toBe(0)
    socket.resume()
    expect(log).toEqual([])
    bench.clock.run()
    expect(log).toEqual(['one: a', 'one: ', 'one: b', 'one: ', 'one: '])
    send('now')
    expect(log.at(-1)).toBe('one: now')
  })

  it('drops the newest and counts it when too many are held, and is never closed for it', async () => {
    const bench = setUp()
    const log: string[] = []
    const { socket, send } = await bound(bench, bench.driver.owner('one'), undefined, { queueLimit: 2 })
    for (const text of ['a', '', 'c', '']) send(text)
    expect([socket.dropped, socket.state]).toEqual([2, 'open'])
    socket.handle(datagramHandlersOf(log, 'one'))
    bench.clock.run()
    send('e')
    expect(log).toEqual(['one: a', 'one: ', 'one: e'])
    expect(socket.dropped).toBe(2)
  })

  it('drops a datagram that would make too many held bytes, and takes a smaller one after it', async () => {
    const bench = setUp()
    const log: string[] = []
    const { socket, send } = await bound(bench, bench.driver.owner('one'), undefined, { heldLimit: 10 })
    for (const text of ['12345678', '123', '', '12', '', '1']) send(text)
    expect(socket.dropped).toBe(2)
    socket.handle(datagramHandlersOf(log, 'one'))
    bench.clock.run()
    expect(log).toEqual(['one: 12345678', 'one: ', 'one: 12', 'one: '])
    // Where somebody reads nothing is held, and so nothing is too large.
    send('more than ten bytes')
    expect(log.at(-1)).toBe('one: more than ten bytes')
  })

  it('keeps little memory alive for a small datagram', async () => {
    const bench = setUp()
    const kept: number[] = []
    const chunk = new Uint8Array(65_536).fill(65, 0, 3)
    let deliver: (bytes: Uint8Array) => void = () => {}
    const transport: Transport = {
      name: 'slab',
      bind: async () => ({
        local: { family: 'memory', address: 'slab' },
        attach(sink) {
          deliver = (bytes) => sink.datagram(bytes, { family: 'memory', address: 'peer' })
        },
        send: () => false,
        close() {},
      }),
    }
    const socket = bench.driver.owner('one').bind(transport)
    await socket.opened
    deliver(chunk.subarray(0, 3))
    socket.handle({ datagram: (bytes) => kept.push(bytes.byteLength, bytes.buffer.byteLength) })
    bench.clock.run()
    expect(kept).toEqual([3, 3])
  })

  it('looks again after every datagram at pause and handlers', async () => {
    const bench = setUp()
    const log: string[] = []
    const { socket, send } = await bound(bench, bench.driver.owner('one'))
    for (const text of ['a', 'b', 'c', 'd']) send(text)
    const then = datagramHandlersOf(log, 'then')
    socket.handle({
      datagram(bytes, _from, mine) {
        log.push(`first: ${Buffer.from(bytes).toString()}`)
        if (log.length === 1) mine.handle({ datagram: pauseAfter })
      },
    })
    const pauseAfter = (bytes: Uint8Array, _from: Address, mine: DatagramSocket): void => {
      log.push(`second: ${Buffer.from(bytes).toString()}`)
      mine.pause()
      mine.handle(then)
    }
    bench.clock.run()
    expect(log).toEqual(['first: a', 'second: b'])
    socket.resume()
    bench.clock.run()
    expect(log).toEqual(['first: a', 'second: b', 'then: c', 'then: d'])
  })

  it('is told nothing inside a call, and nothing inside another handler', async () => {
    const bench = setUp()
    const log: string[] = []
    const owner = bench.driver.owner('one')
    const { socket, send } = await bound(bench, owner, {
      datagram(bytes) {
        log.push(`in ${bytes.byteLength}`)
        if (bytes.byteLength === 1) send('22')
        log.push(`out ${bytes.byteLength}`)
      },
    })
    // A link that calls back from inside a call made on it: core does not rely on its not doing so.
    const local: Address = { family: 'memory', address: 'rude' }
    const transport: Transport = {
      name: 'rude',
      bind: async () => {
        let told: (() => void) | undefined
        let gone: (() => void) | undefined
        return {
          local,
          attach(sink) {
            told = () => sink.datagram(new Uint8Array(3), local)
            gone = () => sink.close({ by: 'local', kind: 'end', code: 'closed' })
            told()
          },
          send() {
            told?.()
            return true
          },
          close: () => gone?.(),
        }
      },
    }
    let calls = 0
    const rude = owner.bind(transport, {
      datagram: (bytes) => log.push(`rude ${bytes.byteLength} ${calls}`),
      close: () => log.push(`rude close ${calls}`),
    })
    send('1')
    expect(log).toEqual(['in 1', 'out 1', 'in 2', 'out 2'])
    log.length = 0
    await rude.opened
    calls += 1
    expect(rude.send('x', local)).toBe(true)
    socket.pause()
    calls -= 1
    bench.clock.run()
    expect(log).toEqual(['rude 3 0', 'rude 3 0'])
    calls += 1
    rude.close()
    calls -= 1
    bench.clock.run()
    expect(log.at(-1)).toBe('rude close 0')
    expect(bench.errors).toEqual([])
  })

  it('closes once, with what was unread, and tells it last', async () => {
    const bench = setUp()
    const reasons: object[] = []
    const { socket, send } = await bound(bench, bench.driver.owner('one'), {
      datagram: (bytes) => reasons.push({ bytes: bytes.byteLength }),
      close: (reason) => reasons.push(reason),
    })
    socket.pause()
    send('unread')
    send('')
    socket.close({ code: 'bye', text: 'No more.' })
    socket.resume()
    expect(reasons).toEqual([])
    bench.clock.run()
    expect(reasons).toEqual([{ by: 'local', kind: 'end', code: 'bye', text: 'No more.', unread: 6 }])
    socket.close()
    bench.clock.run()
    expect(reasons).toHaveLength(1)
  })

  it('tells the close to handlers that come later, and leaves a block closed', async () => {
    const bench = setUp()
    const log: string[] = []
    const owner = bench.driver.owner('one')
    let socket = owner.bind(bench.network)
    {
      using held = socket
      await held.opened
    }
    socket.handle(datagramHandlersOf(log, 'late'))
    bench.clock.run()
    expect(log).toEqual(['late: close local end closed'])
    socket = owner.bind(bench.network)
    await socket.opened
    await Promise.all([bench.driver.close(), settle(bench)])
    expect(socket.state).toBe('closed')
  })
})

describe('a handler of a datagram socket that throws', () => {
  it('disturbs nothing, or closes the socket where its owner wants that', async () => {
    for (const onError of ['keep', 'close'] as const) {
      const bench = setUp()
      const log: string[] = []
      const owner = bench.driver.owner('one', { onError })
      const { socket, send } = await bound(bench, owner, {
        ...datagramHandlersOf(log, 'one'),
        datagram(bytes) {
          log.push(`${bytes.byteLength}`)
          throw new Error('on purpose')
        },
      })
      socket.pause()
      send('1')
      send('22')
      socket.resume()
      bench.clock.run()
      expect(bench.errors[0]).toMatchObject({
        error: new Error('on purpose'),
        owner: owner.ref,
        socket: { kind: 'datagram' },
        handler: 'datagram',
      })
      expect(log).toEqual(onError === 'keep' ? ['1', '2'] : ['1', 'one: close local error handler-threw'])
    }
  })

  it('is told apart when it is the close handler', async () => {
    const bench = setUp()
    const { socket } = await bound(bench, bench.driver.owner('one'), {
      close() {
        throw new Error('on purpose')
      },
    })
    socket.close()
    bench.clock.run()
    expect(bench.errors).toMatchObject([{ handler: 'close' }])
  })
})

describe('binding a datagram socket', () => {
  it('throws for what cannot be meant, before anything has changed', async () => {
    const bench = setUp()
    const owner = bench.driver.owner('one')
    const { network } = bench
    const wrong = (value: unknown): never => value as never
    expect(() => owner.bind({ name: 'mute' })).toThrow(
      expect.objectContaining({ code: 'EEMODENOTSUPP', message: "The transport 'mute' cannot bind." }),
    )
    expect(() => owner.bind(network, wrong('x'))).toThrow(TypeError)
    expect(() => owner.bind(network, wrong({ datagram: 1 }))).toThrow(TypeError)
    expect(() => owner.bind(network, wrong({ close: 1 }))).toThrow(TypeError)
    for (const size of [0, -1, Number.NaN, '1']) {
      expect(() => owner.bind(network, {}, { queueLimit: wrong(size) })).toThrow(TypeError)
      expect(() => owner.bind(network, {}, { heldLimit: wrong(size) })).toThrow(TypeError)
    }
    expect(owner.size).toBe(0)
    const { socket, peer } = await bound(bench, owner)
    for (const data of [undefined, null, 5, {}, [1]]) {
      expect(() => socket.send(wrong(data), peer.address)).toThrow(TypeError)
    }
    for (const to of [undefined, null, 'memory-1', {}, { address: 1 }]) {
      expect(() => socket.send('x', wrong(to))).toThrow(TypeError)
    }
    expect(() => socket.handle(wrong(5))).toThrow(TypeError)
    owner.destroy()
    expect(() => owner.bind(network)).toThrow(expect.objectContaining({ code: 'EESECURITY' }))
  })

  it('closes the socket when its link throws', async () => {
    const bench = setUp()
    const log: string[] = []
    const broken: Transport = {
      name: 'broken',
      bind: async () => ({
        local: { family: 'memory', address: 'broken' },
        attach() {},
        send() {
          throw new Error('on purpose')
        },
        close() {
          throw new Error('on purpose too')
        },
      }),
    }
    const owner = bench.driver.owner('one')
    const socket = owner.bind(broken, datagramHandlersOf(log, 'one'))
    expect(socket.send('x', await socket.opened)).toBe(false)
    bench.clock.run()
    const other = owner.bind(broken, datagramHandlersOf(log, 'other'))
    await other.opened
    other.close()
    bench.clock.run()
    expect(log).toEqual(['one: close transport error link-threw', 'other: close transport error link-threw'])
    expect(owner.size).toBe(0)
  })

  it('asks the policy, which sees plain facts', async () => {
    const asked: PolicyRequest[] = []
    const refused = new Set<string>()
    const bench = setUp({
      policy(request) {
        asked.push(request)
        return !refused.has(request.operation)
      },
    })
    const owner = bench.driver.owner('one')
    const target = bench.driver.owner('target', {
      offered(offer) {
        if (offer.kind === 'datagram') expect(offer.acquire()).toBeUndefined()
        expect(offer.refused).toBe('EESECURITY')
      },
    })
    const { socket } = await bound(bench, owner)
    const { local } = socket
    refused.add('acquire')
    expect(socket.release(target.ref)).toMatchObject({ code: 'EESOCKNOTRLSD' })
    refused.add('release')
    expect(socket.release(target.ref)).toMatchObject({ code: 'EESECURITY', reason: 'policy', owned: true })
    refused.add('bind')
    expect(() => owner.bind(bench.network)).toThrow(expect.objectContaining({ code: 'EESECURITY' }))
    const facts = { kind: 'datagram', transport: 'memory', remote: undefined }
    expect(asked).toEqual([
      { ...facts, operation: 'bind', owner: owner.ref, target: undefined, local: undefined },
      { ...facts, operation: 'release', owner: owner.ref, target: target.ref, local },
      { ...facts, operation: 'acquire', owner: owner.ref, target: target.ref, local },
      { ...facts, operation: 'release', owner: owner.ref, target: target.ref, local },
      { ...facts, operation: 'bind', owner: owner.ref, target: undefined, local: undefined },
    ])
    expect(owner.size).toBe(1)
  })

  it('is seen by observers like any other endpoint', async () => {
    const seen: string[] = []
    const observer: Observer = {
      opened: ({ kind, state, local }) => seen.push(`opened ${kind} ${state} ${local?.address}`),
      offered: ({ kind }, from, to) => seen.push(`offered ${kind} ${from?.name} ${to.name}`),
      acquired: ({ kind, epoch }, from, to) =>
        seen.push(`acquired ${kind} ${epoch} ${from?.name} ${to.name}`),
      failed: ({ kind }, error) => seen.push(`failed ${kind} ${error.code}`),
      closed: ({ kind, position, dropped }, { code }) =>
        seen.push(`closed ${kind} ${code} ${position.read} ${dropped}`),
    }
    const bench = setUp({ observer })
    const target = bench.driver.owner('target', {
      offered: (offer) => void (offer.kind === 'datagram' && offer.acquire(undefined, { queueLimit: 1 })),
    })
    const { socket, send } = await bound(bench, bench.driver.owner('one'), { datagram() {} })
    send('123')
    socket.release(target.ref)
    send('held')
    send('dropped')
    target.destroy()
    await settle(bench)
    const failing: Transport = { name: 'none', bind: () => Promise.reject(new Error('none')) }
    await expect(bench.driver.owner('two').bind(failing).opened).rejects.toMatchObject({ code: 'EEBIND' })
    expect(seen).toEqual([
      'opened datagram open memory-1',
      'offered datagram one target',
      'acquired datagram 2 one target',
      'closed datagram owner-destroyed 3 1',
      'failed datagram EEBIND',
      'closed datagram bind-failed 0 0',
    ])
  })
})
