import { describe, expect, it } from 'vitest'
import { audit, type OwnerSide } from '../src/accounts.ts'
import { Ledger } from '../src/ledger.ts'
import type { PeerSide } from '../src/messages.ts'

/** A connection that the peer ended properly: 100 bytes one way, 50 the other. */
const OWNERS: OwnerSide = {
  read: 100,
  written: 50,
  sawEnd: true,
  closedHere: false,
  reason: { by: 'remote', kind: 'end', code: 'end' },
}
const PEER: PeerSide = {
  kind: 'tcp',
  port: 4_000,
  sent: 100,
  received: 50,
  left: 'ended',
  sawEnd: true,
  slept: false,
}
const RESET = { by: 'remote', kind: 'abort', code: 'reset' } as const
const CLOSED = { by: 'local', kind: 'end', code: 'closed' } as const
const SLOW = { by: 'local', kind: 'overflow', code: 'slow-reader', unsent: 9 } as const

describe('the audit of a connection', () => {
  const right: [string, Partial<OwnerSide>, Partial<PeerSide>][] = [
    ['the peer ends', {}, {}],
    [
      'the peer breaks off',
      { sawEnd: false, read: 90, reason: RESET },
      { left: 'broke', received: 10, sawEnd: false },
    ],
    ['an owner closes', { sawEnd: false, read: 90, closedHere: true, reason: CLOSED }, { left: 'no' }],
    ['the peer is too slow', { sawEnd: false, read: 90, reason: SLOW }, { received: 10, sawEnd: false }],
    [
      'an owner closes, and the peer sleeps',
      { sawEnd: false, read: 90, closedHere: true, reason: CLOSED },
      { left: 'no', received: 10, sawEnd: false, slept: true },
    ],
    ['a WebSocket says Close while somebody writes', {}, { kind: 'websocket', received: 49 }],
  ]
  it.each(right)('finds nothing when %s', (_what, owners, peer) => {
    expect(audit({ ...OWNERS, ...owners }, { ...PEER, ...peer })).toBeUndefined()
  })

  const wrong: [string, Partial<OwnerSide>, Partial<PeerSide>, RegExp][] = [
    ['is missing at the owners', { read: 99 }, {}, /owners read 99 bytes and a clean end, the peer sent 100/],
    ['comes to owners from nowhere', { read: 101 }, {}, /up to byte 101, the peer sent 100/],
    ['is missing at the peer', {}, { received: 49 }, /owners wrote 50 .* the peer read 49/],
    ['comes to the peer from nowhere', {}, { received: 51 }, /up to byte 51, owners wrote 50/],
    ['is another at the peer', {}, { wrongAt: 7 }, /something else at byte 7/],
    ['is another at an owner', { problem: 'bad, at byte 8' }, {}, /bad, at byte 8/],
    ['is lost with the end', { sawEnd: false, reason: RESET }, {}, /ended properly after byte 100.* reset/],
    [
      'of a farewell is lost',
      { closedHere: true, reason: CLOSED },
      { left: 'no', sawEnd: false },
      /no clean end/,
    ],
  ]
  it.each(wrong)('notices when a byte %s', (_what, owners, peer, complaint) => {
    expect(audit({ ...OWNERS, ...owners }, { ...PEER, ...peer })).toMatch(complaint)
  })
})

describe('the ledger', () => {
  const entry = (side?: OwnerSide) => ({ kind: 'tcp' as const, port: 4_000, history: ['a', 'b'], side })

  it('brings the connections of a port together in their order', () => {
    const complaints: string[] = []
    const ledger = new Ledger((complaint) => complaints.push(complaint))
    const first = entry(OWNERS)
    const second = entry({ ...OWNERS, read: 70 })
    ledger.opened(first)
    ledger.opened(second)
    // Refused before its peer knew that it was connected.
    ledger.opened({ ...entry({ ...OWNERS, read: 0, closedHere: true }), port: 4_001 })
    ledger.ended(PEER)
    ledger.ended({ ...PEER, sent: 70 })
    ledger.close(1)
    expect({ settled: ledger.settled, complaints }).toEqual({ settled: 2, complaints: [] })
  })

  it('names connection, byte and owners of what is wrong, and what never came to an end', () => {
    const complaints: string[] = []
    const ledger = new Ledger((complaint) => complaints.push(complaint))
    ledger.opened(entry({ ...OWNERS, read: 99 }))
    ledger.ended(PEER)
    ledger.opened(entry())
    ledger.ended({ ...PEER, port: 4_001 })
    ledger.close(0)
    expect(complaints).toEqual([
      expect.stringMatching(/^tcp connection of port 4000: owners read 99 .* owners: a, b$/),
      'tcp connection of port 4000: it is still open; owners: a, b',
      expect.stringMatching(/^tcp connection of port 4001: it has ended, and nobody/),
    ])
  })
})
