import { describe, expect, it } from 'vitest'
import type { OfferResult, Owner, Socket, SocketHandlers, StreamOffer } from '../src/index.ts'
import type { MemoryPeer } from '../src/memory/index.ts'
import { type Bench, settle, setUp } from './support/setup.ts'

/*
 * DESIGN's state table, cell by cell: life × offer in the columns, what happens in the rows. The types make sure that
 * no cell is left out; one that cannot be reached says why instead.
 */

const STATES = ['connecting', 'open', 'on offer', 'closing', 'closed'] as const
type State = (typeof STATES)[number]

/** One socket in one of the states, with everybody who may do something to it. */
interface Scene {
  readonly bench: Bench
  readonly owner: Owner
  readonly target: Owner
  readonly other: Owner
  readonly socket: Socket
  /** The far end; answering is what makes a connecting socket open. */
  peer: MemoryPeer
  /** The last offer that the target was shown. */
  offer: StreamOffer | undefined
  result: Promise<OfferResult> | undefined
  /** Everything that a handler was told, as `owner: line x`. */
  readonly log: string[]
  /** Ends the target's promise. */
  release: () => void
}

function handlersOf(log: string[], who: string): SocketHandlers {
  return {
    line: (text) => log.push(`${who}: line ${text}`),
    drain: () => log.push(`${who}: drain`),
    close: (reason) => log.push(`${who}: close ${reason.by} ${reason.kind} ${reason.code}`),
  }
}

/** A socket that is connecting; the target holds every offer open until it is told to stop. */
function connecting(): Scene {
  const bench = setUp({ stickySignals: [] })
  const log: string[] = []
  let finish = (): void => {}
  const scene: Partial<Scene> & { log: string[] } = { bench, log }
  const target = bench.driver.owner('target', {
    offered(offer) {
      if (offer.kind === 'stream') scene.offer = offer
      return new Promise<void>((resolve) => {
        finish = resolve
      })
    },
  })
  const owner = bench.driver.owner('owner')
  const socket = owner.connect(bench.network, handlersOf(log, 'owner'), { softLimit: 100, hardLimit: 1_000 })
  return Object.assign(scene, {
    owner,
    target,
    other: bench.driver.owner('other'),
    socket,
    release: () => finish(),
  }) as Scene
}

async function open(): Promise<Scene> {
  const scene = connecting()
  await settle(scene.bench)
  scene.peer = scene.bench.network.answer()
  await settle(scene.bench)
  return scene
}

async function onOffer(): Promise<Scene> {
  const scene = await open()
  scene.result = scene.socket.offer(scene.target.ref)
  return scene
}

async function closing(): Promise<Scene> {
  const scene = await onOffer()
  scene.peer.stall()
  scene.socket.write('farewell')
  scene.socket.close()
  await settle(scene.bench)
  expect(scene.socket.state).toBe('closing')
  return scene
}

async function closed(): Promise<Scene> {
  const scene = await onOffer()
  scene.socket.abort()
  await settle(scene.bench)
  expect(scene.socket.state).toBe('closed')
  scene.log.length = 0
  return scene
}

const MAKE: Record<State, () => Scene | Promise<Scene>> = {
  connecting: async () => {
    const scene = connecting()
    await settle(scene.bench)
    return scene
  },
  open,
  'on offer': onOffer,
  closing,
  closed,
}

type Cell = ((scene: Scene) => void | Promise<void>) | { readonly unreachable: string }
const unreachable = (why: string): Cell => ({ unreachable: why })

const owned: OfferResult = { acquired: false, code: 'EESOCKNOTRLSD', reason: 'not-acquired', owned: true }
const gone = { acquired: false, code: 'EEBADF', owned: false }

/** Both forms of the offer are refused alike, and the target is shown nothing. */
async function refusesOffers(scene: Scene, expected: object): Promise<void> {
  const { offer } = scene
  expect(scene.socket.release(scene.target.ref)).toMatchObject(expected)
  expect(await scene.socket.offer(scene.target.ref)).toMatchObject(expected)
  expect(scene.offer).toBe(offer)
}

/** A target that does not acquire: the offer comes to nothing, and the owner is as it was. */
async function isStillOwners(scene: Scene, reason: string): Promise<void> {
  scene.peer.send('after\n')
  await settle(scene.bench)
  expect(await scene.result).toEqual({ acquired: false, code: 'EESOCKNOTRLSD', reason, owned: true })
  expect(scene.socket.state).toBe('open')
  expect(scene.log).toEqual(['owner: line after'])
}

const WAYS_OUT = ['decline', 'return', 'throw', 'deadline', 'withdraw', 'target dies'] as const

const TABLE: Record<string, Record<State, Cell>> = {
  'the link opens': {
    async connecting(scene) {
      scene.socket.write('written before')
      const peer = scene.bench.network.answer()
      await settle(scene.bench)
      expect(scene.socket.state).toBe('open')
      expect(peer.text).toBe('written before')
    },
    open: unreachable('a link opens once'),
    async 'on offer'() {
      const scene = connecting()
      await settle(scene.bench)
      scene.result = scene.socket.offer(scene.target.ref)
      scene.peer = scene.bench.network.answer()
      scene.peer.send('held\n')
      await settle(scene.bench)
      expect(scene.socket.state).toBe('open')
      expect(scene.offer?.state).toBe('open')
      expect(scene.log).toEqual([])
    },
    closing: unreachable(
      'a connecting socket that is closed is closed at once: there is nothing to flush into',
    ),
    async closed() {
      const scene = connecting()
      await settle(scene.bench)
      const { network } = scene.bench
      let late: ((value: never) => void) | undefined
      const slow = { name: 'slow', connect: () => new Promise<never>((resolve) => (late = resolve)) }
      const socket = scene.owner.connect(slow)
      await settle(scene.bench)
      socket.close()
      const calls: string[] = []
      late?.({ abort: () => calls.push('abort') } as never)
      await settle(scene.bench)
      expect(calls).toEqual(['abort'])
      expect(network.calling).toBe(1)
    },
  },
  'release and offer by the owner': {
    async connecting(scene) {
      const result = scene.socket.offer(scene.target.ref)
      expect(scene.offer?.state).toBe('open')
      scene.offer?.decline('no')
      expect(await result).toEqual({ ...owned, reason: 'no' })
      expect(scene.socket.release(scene.other.ref)).toEqual({ ...owned, reason: 'no-offered-handler' })
    },
    async open(scene) {
      const result = scene.socket.offer(scene.target.ref)
      expect(scene.offer?.state).toBe('open')
      scene.offer?.decline('no')
      expect(await result).toEqual({ ...owned, reason: 'no' })
      expect(scene.socket.release(scene.other.ref)).toEqual({ ...owned, reason: 'no-offered-handler' })
    },
    'on offer': (scene) => refusesOffers(scene, { acquired: false, code: 'EESOCKRLSD', owned: true }),
    closing: (scene) => refusesOffers(scene, gone),
    closed: (scene) => refusesOffers(scene, gone),
  },
  'acquire by the target': {
    connecting: unreachable(
      'without an offer there is nothing to acquire; on offer it is as for an open one',
    ),
    async open(scene) {
      scene.result = scene.socket.offer(scene.target.ref)
      scene.offer?.decline()
      expect(scene.offer?.acquire()).toBeUndefined()
      expect(scene.offer?.refused).toBe('EESOCKNOTRLSD')
      expect(scene.socket.state).toBe('open')
    },
    async 'on offer'(scene) {
      scene.peer.send('held\n')
      const taken = scene.offer?.acquire(handlersOf(scene.log, 'target'))
      expect(scene.log).toEqual([])
      expect(scene.socket.state).toBe('revoked')
      await settle(scene.bench)
      expect(await scene.result).toEqual({ acquired: true })
      expect(taken?.state).toBe('open')
      expect(scene.log).toEqual(['target: line held'])
      expect(() => scene.socket.write('x')).toThrow(expect.objectContaining({ code: 'EESECURITY' }))
    },
    closing(scene) {
      expect(scene.offer?.acquire()).toBeUndefined()
      expect(scene.offer?.refused).toBe('EEBADF')
    },
    closed(scene) {
      expect(scene.offer?.acquire()).toBeUndefined()
      expect(scene.offer?.refused).toBe('EEBADF')
    },
  },
  'acquire by another': {
    connecting: unreachable(
      'without an offer there is nothing to acquire; on offer it is as for an open one',
    ),
    open(scene) {
      void scene.socket.offer(scene.target.ref)
      scene.offer?.decline()
      expect(scene.other.acquire(scene.offer as StreamOffer<never>)).toBeUndefined()
      expect(scene.offer?.refused).toBe('EESOCKNOTRLSD')
    },
    'on offer'(scene) {
      expect(scene.other.acquire(scene.offer as StreamOffer<never>)).toBeUndefined()
      expect(scene.offer?.refused).toBe('EESECURITY')
      expect(scene.offer?.state).toBe('open')
      expect(scene.offer?.acquire()).toBeDefined()
    },
    closing(scene) {
      expect(scene.other.acquire(scene.offer as StreamOffer<never>)).toBeUndefined()
      expect(scene.offer?.refused).toBe('EEBADF')
    },
    closed(scene) {
      expect(scene.other.acquire(scene.offer as StreamOffer<never>)).toBeUndefined()
      expect(scene.offer?.refused).toBe('EEBADF')
    },
  },
  'decline, return, throw before acquire, deadline, withdraw, the target dies': {
    connecting: unreachable('without an offer there is none to come to nothing'),
    open: unreachable('without an offer there is none to come to nothing'),
    async 'on offer'() {
      for (const way of WAYS_OUT) {
        const scene = await onOffer()
        scene.peer.stall()
        if (way === 'decline') scene.offer?.decline('busy')
        if (way === 'return') scene.release()
        if (way === 'deadline') scene.bench.clock.advance(5_000)
        if (way === 'withdraw') expect(scene.socket.withdraw()).toBe(true)
        if (way === 'target dies') scene.target.destroy()
        if (way === 'throw') {
          expect(scene.socket.withdraw()).toBe(true)
          const thrower = scene.bench.driver.owner('thrower', {
            offered() {
              throw new Error('no')
            },
          })
          scene.result = Promise.resolve(scene.socket.release(thrower.ref))
          expect(scene.bench.errors).toHaveLength(1)
        }
        const reason = {
          decline: 'busy',
          return: 'not-acquired',
          throw: 'threw',
          deadline: 'deadline',
          withdraw: 'withdrawn',
          'target dies': 'target-destroyed',
        }[way]
        await isStillOwners(scene, reason)
      }
    },
    closing: unreachable('closing has settled the offer'),
    closed: unreachable('closing has settled the offer'),
  },
  'write and signal by the owner': {
    async connecting(scene) {
      expect(scene.socket.write('a')).toBe(true)
      expect(scene.socket.write('b'.repeat(99))).toBe(false)
      expect(scene.socket.signal('bell' as never, undefined as never)).toBe(false)
      const peer = scene.bench.network.answer()
      await settle(scene.bench)
      expect(peer.text).toBe(`a${'b'.repeat(99)}`)
    },
    open(scene) {
      scene.peer.stall()
      expect(scene.socket.write('a')).toBe(true)
      expect(scene.socket.write('b'.repeat(99))).toBe(false)
      expect(scene.socket.writable).toBe(false)
      expect(scene.socket.signal('bell' as never, undefined as never)).toBe(true)
      scene.peer.unstall()
      expect(scene.peer.text).toBe(`a${'b'.repeat(99)}`)
      expect(scene.peer.signals).toEqual([{ name: 'bell', payload: undefined }])
    },
    'on offer'(scene) {
      scene.peer.stall()
      expect(scene.socket.write('a')).toBe(true)
      expect(scene.socket.write('b'.repeat(99))).toBe(false)
      expect(scene.socket.signal('bell' as never, undefined as never)).toBe(true)
      scene.peer.unstall()
      expect(scene.peer.text).toBe(`a${'b'.repeat(99)}`)
    },
    async closing(scene) {
      expect(scene.socket.write('late')).toBe(false)
      expect(scene.socket.signal('bell' as never, undefined as never)).toBe(false)
      scene.peer.unstall()
      await settle(scene.bench)
      expect(scene.peer.text).toBe('farewell')
    },
    closed(scene) {
      expect(scene.socket.write('late')).toBe(false)
      expect(scene.socket.signal('bell' as never, undefined as never)).toBe(false)
    },
  },
  'a write past the hard limit': {
    async connecting(scene) {
      expect(scene.socket.write('x'.repeat(1_001))).toBe(false)
      expect(scene.socket.state).toBe('closed')
      expect(scene.log).toEqual([])
      await settle(scene.bench)
      expect(scene.log).toEqual(['owner: close local overflow slow-reader'])
    },
    async open(scene) {
      scene.peer.stall()
      expect(scene.socket.write('x'.repeat(1_000))).toBe(false)
      expect(scene.socket.write('x')).toBe(false)
      expect(scene.socket.state).toBe('closed')
      expect(scene.log).toEqual([])
      await settle(scene.bench)
      expect(scene.log).toEqual(['owner: close local overflow slow-reader'])
    },
    async 'on offer'(scene) {
      scene.peer.stall()
      expect(scene.socket.write('x'.repeat(1_001))).toBe(false)
      expect(await scene.result).toMatchObject(gone)
      expect(scene.offer?.state).toBe('closed')
      await settle(scene.bench)
      expect(scene.log).toEqual(['owner: close local overflow slow-reader'])
    },
    closing: unreachable('a closing socket takes no write'),
    closed: unreachable('a closed socket takes no write'),
  },
  'close by the owner': {
    async connecting(scene) {
      scene.socket.close()
      expect(scene.socket.state).toBe('closed')
      await expect(scene.socket.opened).rejects.toMatchObject({ code: 'EEBADF' })
      await settle(scene.bench)
      expect(scene.log).toEqual(['owner: close local end closed'])
    },
    async open(scene) {
      const reasons: unknown[] = []
      scene.socket.handle({ line: () => {}, close: (reason) => reasons.push(reason) })
      scene.socket.pause()
      scene.peer.send('never read')
      scene.socket.write('bye')
      scene.socket.resume()
      scene.socket.close({ code: 'quit' })
      expect(scene.socket.state).toBe('closing')
      await settle(scene.bench)
      expect(scene.peer.text).toBe('bye')
      expect(scene.peer.ended).toBe(true)
      expect(reasons).toEqual([{ by: 'local', kind: 'end', code: 'quit' }])
    },
    async 'on offer'(scene) {
      scene.socket.write('bye')
      scene.socket.close()
      expect(await scene.result).toMatchObject(gone)
      expect(scene.offer?.state).toBe('closed')
      await settle(scene.bench)
      expect(scene.peer.text).toBe('bye')
      expect(scene.log).toEqual(['owner: close local end closed'])
    },
    async closing(scene) {
      scene.socket.close({ code: 'again' })
      scene.peer.unstall()
      await settle(scene.bench)
      expect(scene.log).toEqual(['owner: close local end closed'])
    },
    async closed(scene) {
      scene.socket.close()
      await settle(scene.bench)
      expect(scene.log).toEqual([])
    },
  },
  'data or a signal arrives': {
    connecting: unreachable('nothing arrives before the link is there'),
    async open(scene) {
      scene.peer.send('one\ntw')
      scene.peer.signal('windowSize', { columns: 80, rows: 24 })
      scene.peer.send('o\n')
      await settle(scene.bench)
      expect(scene.log).toEqual(['owner: line one', 'owner: line two'])
    },
    async 'on offer'(scene) {
      scene.peer.send('one\ntw')
      await settle(scene.bench)
      expect(scene.log).toEqual([])
      scene.offer?.acquire(handlersOf(scene.log, 'target'))
      await settle(scene.bench)
      scene.peer.send('o\n')
      expect(scene.log).toEqual(['target: line one', 'target: line two'])
    },
    async closing(scene) {
      scene.peer.send('late\n')
      await settle(scene.bench)
      expect(scene.log).toEqual([])
    },
    async closed(scene) {
      scene.peer.send('late\n')
      await settle(scene.bench)
      expect(scene.log).toEqual([])
    },
  },
  "the peer's end or clean close": {
    connecting: unreachable('nothing arrives before the link is there'),
    async open() {
      const one = await open()
      one.peer.send('last\nhalf')
      one.peer.end()
      expect(one.log).toEqual(['owner: line last', 'owner: line half'])
      expect(one.socket.state).toBe('closing')
      await settle(one.bench)
      expect(one.log[2]).toBe('owner: close remote end end')
      const two = await open()
      two.peer.send('last\n')
      two.peer.close({ code: 'bye' })
      await settle(two.bench)
      expect(two.log).toEqual(['owner: line last', 'owner: close remote end bye'])
      expect(two.socket.state).toBe('closed')
    },
    async 'on offer'(scene) {
      scene.socket.withdraw()
      scene.peer.burst([])
      const log: string[] = []
      scene.socket.pause()
      scene.result = scene.socket.offer(scene.target.ref)
      scene.peer.send('one\ntwo\nthree\n')
      scene.peer.close()
      await settle(scene.bench)
      expect(scene.offer?.state).toBe('open')
      scene.offer?.acquire(handlersOf(log, 'target'))
      await settle(scene.bench)
      expect(log).toEqual([
        'target: line one',
        'target: line two',
        'target: line three',
        'target: close remote end end',
      ])
      expect(scene.log).toEqual([])
    },
    async closing(scene) {
      scene.peer.close()
      await settle(scene.bench)
      expect(scene.socket.state).toBe('closed')
      expect(scene.log).toHaveLength(1)
    },
    async closed(scene) {
      scene.peer.end()
      await settle(scene.bench)
      expect(scene.log).toEqual([])
    },
  },
  'an unclean close': {
    async connecting(scene) {
      scene.bench.network.refuse()
      await expect(scene.socket.opened).rejects.toMatchObject({ code: 'EECONNREFUSED' })
      await settle(scene.bench)
      expect(scene.socket.state).toBe('closed')
      expect(scene.log).toEqual(['owner: close transport error connect-failed'])
    },
    async open(scene) {
      const unread: unknown[] = []
      scene.socket.handle({ line: () => {}, close: (reason) => unread.push(reason.unread) })
      scene.peer.send('half a line')
      scene.peer.reset()
      expect(scene.socket.state).toBe('closed')
      expect(unread).toEqual([])
      await settle(scene.bench)
      expect(unread).toEqual([11])
    },
    async 'on offer'(scene) {
      scene.peer.reset()
      expect(await scene.result).toMatchObject(gone)
      await settle(scene.bench)
      expect(scene.log).toEqual(['owner: close remote abort reset'])
    },
    async closing(scene) {
      scene.peer.reset()
      await settle(scene.bench)
      expect(scene.socket.state).toBe('closed')
      expect(scene.log).toEqual(['owner: close local abort reset'])
    },
    async closed(scene) {
      scene.peer.reset()
      await settle(scene.bench)
      expect(scene.log).toEqual([])
    },
  },
  'a drain': {
    connecting: unreachable('there is no link to drain'),
    async open(scene) {
      scene.peer.stall()
      scene.socket.write('x'.repeat(100))
      scene.bench.clock.run()
      scene.peer.unstall()
      expect(scene.log).toEqual([])
      scene.bench.clock.run()
      expect(scene.log).toEqual(['owner: drain'])
    },
    async 'on offer'(scene) {
      scene.peer.stall()
      scene.socket.write('x'.repeat(100))
      scene.bench.clock.run()
      scene.peer.unstall()
      scene.bench.clock.run()
      expect(scene.log).toEqual(['owner: drain'])
      scene.peer.stall()
      scene.socket.write('x'.repeat(100))
      scene.bench.clock.run()
      scene.offer?.acquire(handlersOf(scene.log, 'target'))
      scene.peer.unstall()
      scene.bench.clock.run()
      expect(scene.log).toEqual(['owner: drain', 'target: drain'])
    },
    async closing(scene) {
      scene.peer.unstall()
      await settle(scene.bench)
      expect(scene.log.filter((entry) => entry.includes('drain'))).toEqual([])
    },
    closed: unreachable('a closed link drains no more'),
  },
  'the owner is destroyed': {
    async connecting(scene) {
      scene.owner.destroy()
      await expect(scene.socket.opened).rejects.toMatchObject({ code: 'EEBADF' })
      await settle(scene.bench)
      expect(scene.socket.state).toBe('revoked')
      expect(scene.bench.network.calling).toBe(0)
      expect(scene.log).toEqual([])
    },
    async open() {
      const scene = await open()
      scene.socket.write('bye')
      scene.owner.destroy()
      await settle(scene.bench)
      expect(scene.peer.text).toBe('bye')
      expect(scene.peer.closed?.code).toBe('owner-destroyed')
      expect(scene.log).toEqual([])
      // With an heir it is handed on, held input and all.
      const bench = setUp()
      const log: string[] = []
      const heir = bench.driver.owner('heir', {
        offered(offer) {
          log.push(JSON.stringify(offer.message))
          if (offer.kind === 'stream') offer.acquire(handlersOf(log, 'heir'))
        },
      })
      const owner = bench.driver.owner('owner', { heir: heir.ref })
      owner.connect(bench.network, handlersOf(log, 'owner'))
      await settle(bench)
      const peer = bench.network.answer()
      await settle(bench)
      peer.send('half')
      owner.destroy()
      peer.send(' a line\n')
      await settle(bench)
      expect(log).toEqual(['{"inherited":true}', 'heir: line half a line'])
    },
    async 'on offer'(scene) {
      scene.owner.destroy()
      expect(await scene.result).toEqual({ ...gone, reason: 'owner-destroyed' })
      expect(scene.offer?.acquire()).toBeUndefined()
      await settle(scene.bench)
      expect(scene.peer.closed?.code).toBe('owner-destroyed')
      expect(scene.log).toEqual([])
    },
    async closing(scene) {
      scene.owner.destroy()
      scene.peer.unstall()
      await settle(scene.bench)
      expect(scene.peer.text).toBe('farewell')
      expect(scene.peer.ended).toBe(true)
      expect(scene.log).toEqual([])
    },
    closed: (scene) => {
      scene.owner.destroy()
      expect(scene.socket.state).toBe('closed')
    },
  },
}

describe.each(Object.entries(TABLE))('%s', (_event, row) => {
  for (const state of STATES) {
    const cell = row[state]
    if (typeof cell !== 'function') continue
    it(`when the socket is ${state}`, async () => {
      const scene = await MAKE[state]()
      await cell(scene)
      expect(scene.bench.errors.filter(({ handler }) => handler !== 'offered')).toEqual([])
    })
  }
})

it('has a cell for every state in every row', () => {
  const cells = Object.values(TABLE).flatMap((row) => STATES.map((state) => row[state]))
  expect(cells).toHaveLength(13 * STATES.length)
  const left = cells.filter((cell) => typeof cell !== 'function')
  expect(left.every((cell) => 'unreachable' in cell && cell.unreachable.length > 10)).toBe(true)
})
