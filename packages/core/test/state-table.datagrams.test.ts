import { expect } from 'vitest'
import type { DatagramOffer, OfferResult } from '../src/index.ts'
import {
  binding,
  type DatagramScene,
  datagramHandlersOf,
  MAKE_DATAGRAMS,
  onOffer,
  sendTo,
} from './support/datagrams.ts'
import { settle } from './support/setup.ts'
import {
  gone,
  playTableOf,
  refusesAnother,
  refusesOffers,
  refusesTarget,
  unreachable,
} from './support/state-table.ts'

const NOWHERE = { family: 'memory', address: 'nobody' }
const CLOSED = 'owner: close local end closed'
const owned: OfferResult = { acquired: false, code: 'EESOCKNOTRLSD', reason: 'no', owned: true }

async function isShown(scene: DatagramScene): Promise<void> {
  const result = scene.socket.offer(scene.target.ref)
  expect(scene.offer).toMatchObject({ kind: 'datagram', state: 'open', transport: 'memory', dropped: 0 })
  scene.offer?.decline('no')
  expect(await result).toEqual(owned)
  expect(scene.socket.release(scene.other.ref)).toEqual({ ...owned, reason: 'no-offered-handler' })
}

/** Nothing of a closed socket can be used, and nothing of it throws. */
function doesNothing({ socket }: DatagramScene): void {
  const { state } = socket
  expect(socket.send('x', NOWHERE)).toBe(false)
  for (const name of ['pause', 'resume', 'close'] as const) socket[name]()
  expect(socket.state).toBe(state)
  expect(socket.withdraw()).toBe(false)
}

playTableOf(MAKE_DATAGRAMS, {
  'the link is there': {
    async connecting(scene) {
      expect(scene.socket.local).toBeUndefined()
      void scene.socket.offer(scene.target.ref)
      scene.bind()
      const address = await scene.socket.opened
      expect(scene.socket.state).toBe('open')
      expect(scene.socket.local).toEqual(address)
      expect(scene.offer).toMatchObject({ state: 'open', local: address })
      sendTo(scene, 'held')
      scene.offer?.acquire(datagramHandlersOf(scene.log, 'target'))
      await settle(scene.bench)
      expect(scene.log).toEqual(['target: held'])
    },
    open: unreachable('there is one link, and it is there'),
    'on offer': unreachable('there is one link, and it is there'),
    closing: unreachable('what has no link is closed at once'),
    async closed() {
      const scene = binding()
      scene.socket.close()
      expect(scene.socket.state).toBe('closed')
      await expect(scene.socket.opened).rejects.toMatchObject({ code: 'EEBADF' })
      const late = await scene.bench.network.bind({})
      scene.bind(late)
      await settle(scene.bench)
      expect(late.send(new Uint8Array(1), scene.peer.address), 'the late link is closed').toBe(false)
      expect(scene.log).toEqual([CLOSED])
    },
  },
  'the link cannot be had': {
    async connecting(scene) {
      scene.refuse(Object.assign(new Error('taken'), { code: 'EADDRINUSE' }))
      await expect(scene.socket.opened).rejects.toMatchObject({ name: 'SocketError', code: 'EEADDRINUSE' })
      await settle(scene.bench)
      expect(scene.log).toEqual(['owner: close transport error bind-failed'])
      expect(scene.owner.size).toBe(0)
    },
    open: unreachable('it is there'),
    'on offer': unreachable('it is there'),
    closing: unreachable('it is there'),
    async closed() {
      const scene = binding()
      scene.socket.close()
      scene.refuse(new Error('too late'))
      await settle(scene.bench)
      expect(scene.log).toEqual([CLOSED])
    },
  },
  'release and offer by the owner': {
    connecting: isShown,
    open: isShown,
    'on offer': (scene) => refusesOffers(scene, { acquired: false, code: 'EESOCKRLSD', owned: true }),
    closing: (scene) => refusesOffers(scene, gone),
    closed: (scene) => refusesOffers(scene, gone),
  },
  'acquire by the target': {
    async connecting(scene) {
      scene.result = scene.socket.offer(scene.target.ref)
      const taken = scene.offer?.acquire(datagramHandlersOf(scene.log, 'target'))
      expect(taken?.state).toBe('connecting')
      expect(scene.socket.state).toBe('revoked')
      scene.bind()
      await taken?.opened
      expect(taken?.state).toBe('open')
    },
    open(scene) {
      void scene.socket.offer(scene.target.ref)
      scene.offer?.decline()
      refusesTarget(scene, 'EESOCKNOTRLSD')
    },
    async 'on offer'(scene) {
      sendTo(scene, 'held')
      const taken = scene.offer?.acquire(datagramHandlersOf(scene.log, 'target'))
      expect(scene.log).toEqual([])
      expect(scene.socket.state).toBe('revoked')
      await settle(scene.bench)
      expect(await scene.result).toEqual({ acquired: true })
      expect(taken?.state).toBe('open')
      expect(scene.log).toEqual(['target: held'])
    },
    closing: (scene) => refusesTarget(scene, 'EEBADF'),
    closed: (scene) => refusesTarget(scene, 'EEBADF'),
  },
  'acquire by another': {
    connecting: unreachable(
      'without an offer there is nothing to acquire; on offer it is as for an open one',
    ),
    open(scene) {
      void scene.socket.offer(scene.target.ref)
      scene.offer?.decline()
      refusesAnother(scene, 'EESOCKNOTRLSD')
    },
    'on offer'(scene) {
      refusesAnother(scene, 'EESECURITY')
      expect(scene.offer?.state).toBe('open')
      expect(scene.target.acquire(scene.offer as DatagramOffer, {})).toBeDefined()
    },
    closing: (scene) => refusesAnother(scene, 'EEBADF'),
    closed: (scene) => refusesAnother(scene, 'EEBADF'),
  },
  'decline, return, deadline, withdraw, the target dies': {
    connecting: unreachable('without an offer there is none to come to nothing'),
    open: unreachable('without an offer there is none to come to nothing'),
    async 'on offer'() {
      const ways: Readonly<Record<string, (scene: DatagramScene) => void>> = {
        busy: ({ offer }) => offer?.decline('busy'),
        'not-acquired': ({ release }) => release(),
        deadline: ({ bench }) => bench.clock.advance(5_000),
        withdrawn: ({ socket }) => expect(socket.withdraw()).toBe(true),
        'target-destroyed': ({ target }) => target.destroy(),
      }
      for (const [reason, way] of Object.entries(ways)) {
        const scene = await onOffer()
        sendTo(scene, 'held')
        way(scene)
        await settle(scene.bench)
        expect(await scene.result).toEqual({ ...owned, reason })
        expect(scene.socket.state).toBe('open')
        expect(scene.log).toEqual(['owner: held'])
      }
    },
    closing: unreachable('closing has settled the offer'),
    closed: unreachable('closing has settled the offer'),
  },
  'send by the owner': {
    connecting: (scene) => expect(scene.socket.send('x', scene.peer.address)).toBe(false),
    async open(scene) {
      expect(scene.socket.send('x', scene.peer.address)).toBe(true)
      await settle(scene.bench)
      expect(scene.peer.received).toHaveLength(1)
    },
    async 'on offer'(scene) {
      expect(scene.socket.send('x', scene.peer.address)).toBe(true)
      await settle(scene.bench)
      expect(scene.peer.received).toHaveLength(1)
      expect(scene.offer?.state).toBe('open')
      expect(scene.offer?.position).toEqual({ read: 0, written: 1 })
    },
    closing: doesNothing,
    closed: doesNothing,
  },
  'a datagram arrives': {
    connecting: unreachable('nothing arrives before the link is there'),
    open(scene) {
      sendTo(scene, 'one')
      sendTo(scene, '')
      expect(scene.log).toEqual(['owner: one', 'owner: '])
    },
    async 'on offer'(scene) {
      for (const text of ['one', 'two', 'three', 'too much']) sendTo(scene, text)
      await settle(scene.bench)
      expect(scene.log).toEqual([])
      expect(scene.offer?.dropped).toBe(1)
      scene.offer?.decline()
      await settle(scene.bench)
      expect(scene.log).toEqual(['owner: one', 'owner: two', 'owner: three'])
    },
    async closing(scene) {
      sendTo(scene, 'late')
      await settle(scene.bench)
      expect(scene.log).toEqual([CLOSED])
    },
    closed(scene) {
      sendTo(scene, 'late')
      expect(scene.log).toEqual([])
    },
  },
  'close by the owner': {
    async connecting(scene) {
      scene.socket.close()
      expect(scene.socket.state).toBe('closed')
      expect(scene.log).toEqual([])
      await settle(scene.bench)
      expect(scene.log).toEqual([CLOSED])
    },
    async open(scene) {
      scene.socket.pause()
      sendTo(scene, 'unread')
      scene.socket.send('sent', scene.peer.address)
      scene.socket.close({ code: 'bye' })
      expect(scene.socket.state).toBe('closing')
      expect(scene.log).toEqual([])
      await settle(scene.bench)
      expect(scene.socket.state).toBe('closed')
      expect(scene.log).toEqual(['owner: close local end bye'])
      expect(scene.peer.received).toHaveLength(1)
    },
    async 'on offer'(scene) {
      scene.socket.close()
      expect(await scene.result).toEqual({ ...gone, reason: 'closed' })
      await settle(scene.bench)
      expect(scene.log).toEqual([CLOSED])
    },
    closing: doesNothing,
    closed: doesNothing,
  },
  'the link breaks': {
    connecting: unreachable('there is no link yet'),
    async open(scene) {
      scene.socket.pause()
      sendTo(scene, 'unread')
      scene.bench.network.breakDatagrams(scene.socket.local ?? NOWHERE)
      expect(scene.socket.state).toBe('closed')
      expect(scene.log).toEqual([])
      await settle(scene.bench)
      expect(scene.log).toEqual(['owner: close transport error broken'])
    },
    async 'on offer'(scene) {
      scene.bench.network.breakDatagrams(scene.socket.local ?? NOWHERE)
      expect(await scene.result).toEqual({ ...gone, reason: 'broken' })
    },
    closing: unreachable('the link is closing already, and says so itself'),
    closed: unreachable('there is no link any more'),
  },
  'the owner is destroyed': {
    async connecting(scene) {
      scene.owner.destroy()
      expect(scene.socket.state).toBe('revoked')
      scene.bind()
      await settle(scene.bench)
      expect(scene.log).toEqual([])
    },
    async open(scene) {
      scene.socket.send('farewell', scene.peer.address)
      scene.owner.destroy()
      await settle(scene.bench)
      expect(scene.peer.received).toHaveLength(1)
      expect(scene.log).toEqual([])
    },
    async 'on offer'(scene) {
      scene.owner.destroy()
      expect(await scene.result).toEqual({ ...gone, reason: 'owner-destroyed' })
      expect(scene.offer?.acquire()).toBeUndefined()
    },
    async closing(scene) {
      scene.owner.destroy()
      await settle(scene.bench)
      expect(scene.log).toEqual([])
    },
    closed: (scene) => scene.owner.destroy(),
  },
})
