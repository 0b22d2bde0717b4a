import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Liveness, type Living } from '../src/liveness.ts'

class Peer implements Living {
  isReading = true
  heard = 0
  heardBefore = 0
  silentIntervals = 0
  pings = 0
  dead = false
  ping(): void {
    this.pings += 1
  }
  presumeDead(): void {
    this.dead = true
  }
}

describe('liveness', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('pings who is silent, and drops who answers nothing for three intervals', () => {
    const liveness = new Liveness(1_000)
    const [silent, talking, answering] = [new Peer(), new Peer(), new Peer()]
    for (const peer of [silent, talking, answering]) liveness.watch(peer)
    for (let second = 0; second < 3; second += 1) {
      talking.heard += 10
      vi.advanceTimersByTime(1_000)
      if (answering.pings > 0) answering.heard += 2
    }
    expect([silent.pings, silent.dead]).toEqual([2, true])
    expect([talking.pings, talking.dead]).toEqual([0, false])
    expect(answering.dead).toBe(false)
  })

  it('judges nobody who is not being read', () => {
    const liveness = new Liveness(1_000)
    const peer = new Peer()
    peer.isReading = false
    liveness.watch(peer)
    vi.advanceTimersByTime(60_000)
    expect([peer.pings, peer.dead]).toEqual([0, false])
    peer.isReading = true
    vi.advanceTimersByTime(2_000)
    expect([peer.pings, peer.dead]).toEqual([2, false])
  })

  it('needs a timer only while it watches somebody', () => {
    const liveness = new Liveness(1_000)
    const peer = new Peer()
    liveness.watch(peer)
    expect(vi.getTimerCount()).toBe(1)
    liveness.forget(peer)
    expect(vi.getTimerCount()).toBe(0)
    new Liveness(0).watch(peer)
    expect(vi.getTimerCount()).toBe(0)
  })
})
