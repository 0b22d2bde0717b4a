import { expect } from 'vitest'
import type { OfferResult } from '../src/index.ts'
import { settle } from './support/setup.ts'
import {
  gone,
  handlersOf,
  onOffer,
  playTable,
  refusesAnother,
  refusesOffers,
  refusesTarget,
  type Scene,
  unreachable,
} from './support/state-table.ts'

const owned: OfferResult = { acquired: false, code: 'EESOCKNOTRLSD', reason: 'not-acquired', owned: true }

/** A target that does not acquire: the offer comes to nothing, and the owner is as it was. */
async function isStillOwners(scene: Scene, reason: string): Promise<void> {
  scene.peer.send('after\n')
  await settle(scene.bench)
  expect(await scene.result).toEqual({ acquired: false, code: 'EESOCKNOTRLSD', reason, owned: true })
  expect(scene.socket.state).toBe('open')
  expect(scene.log).toEqual(['owner: line after'])
}

const WAYS_OUT = ['decline', 'return', 'throw', 'deadline', 'withdraw', 'target dies'] as const

playTable({
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
      refusesTarget(scene, 'EESOCKNOTRLSD')
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
      expect(scene.offer?.acquire()).toBeDefined()
    },
    closing: (scene) => refusesAnother(scene, 'EEBADF'),
    closed: (scene) => refusesAnother(scene, 'EEBADF'),
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
})
