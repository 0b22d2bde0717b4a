import { audit, type OwnerSide } from './accounts.ts'
import type { PeerSide } from './messages.ts'

/** What the owners' side of a connection needs to be found and told about. */
export interface Entry {
  readonly kind: PeerSide['kind']
  readonly port: number
  /** Who had it, since when. */
  readonly history: readonly string[]
  /** Undefined while it is open. */
  readonly side: OwnerSide | undefined
}

/**
 * Brings the two sides of each connection together and audits them when both are over. Only sums are kept of those that
 * are right. A port may be used again at once, so the connections of a port stand in their order.
 */
export class Ledger {
  settled = 0
  read = 0
  written = 0
  /** By how they ended: `remote end`, `local abort` … */
  readonly endings = new Map<string, number>()
  readonly #complain: (complaint: string) => void
  readonly #owners = new Map<string, Entry[]>()
  readonly #peers = new Map<string, PeerSide[]>()

  constructor(complain: (complaint: string) => void) {
    this.#complain = complain
  }

  opened(entry: Entry): void {
    const key = keyOf(entry)
    const entries = this.#owners.get(key)
    if (entries) entries.push(entry)
    else this.#owners.set(key, [entry])
  }

  /** An entry that was opened has its `side` now. */
  closed(entry: Entry): void {
    this.#settle(keyOf(entry))
  }

  ended(peer: PeerSide): void {
    const key = keyOf(peer)
    const peers = this.#peers.get(key)
    if (peers) peers.push(peer)
    else this.#peers.set(key, [peer])
    this.#settle(key)
  }

  /** Both sides should all have come, but for so many that were broken off from here before their peers saw them open. */
  close(unopened: number): void {
    let excused = unopened
    for (const entry of [...this.#owners.values()].flat()) {
      if (excused > 0 && entry.side?.closedHere && entry.side.read === 0) {
        excused -= 1
        continue
      }
      this.#complainOf(entry, entry.side ? 'its peer never told that it is over' : 'it is still open')
    }
    for (const peer of [...this.#peers.values()].flat()) {
      this.#complain(`${keyOf(peer)}: it has ended, and nobody here has seen it come`)
    }
    this.#owners.clear()
    this.#peers.clear()
  }

  #settle(key: string): void {
    const entries = this.#owners.get(key) ?? []
    const peers = this.#peers.get(key) ?? []
    while (entries[0]?.side && peers[0]) {
      const entry = entries.shift() as Entry
      const side = entry.side as OwnerSide
      const complaint = audit(side, peers.shift() as PeerSide)
      if (complaint !== undefined) this.#complainOf(entry, complaint)
      this.settled += 1
      this.read += side.read
      this.written += side.written
      const ending = `${side.reason.by} ${side.reason.kind}`
      this.endings.set(ending, (this.endings.get(ending) ?? 0) + 1)
    }
    if (entries.length === 0) this.#owners.delete(key)
    if (peers.length === 0) this.#peers.delete(key)
  }

  #complainOf(entry: Entry, complaint: string): void {
    this.#complain(`${keyOf(entry)}: ${complaint}; owners: ${entry.history.join(', ')}`)
  }
}

function keyOf({ kind, port }: { readonly kind: PeerSide['kind']; readonly port: number }): string {
  return `${kind} connection of port ${port}`
}
