import type { Address, DatagramLink, Transport, TransportOptions } from '@mudwire/core'
import { PATIENCE_MS, Skipped } from '../rule.ts'
import { turn, Waiting } from '../waiting.ts'
import { CheckedDatagramLink } from './checked-datagram-link.ts'
import type {
  DatagramCapabilities,
  DatagramConformanceOptions,
  DatagramFixture,
  RawDatagramPeer,
} from './fixture.ts'

/** So many round trips over other sockets: what has not arrived by then does not arrive. */
const ROUND_TRIPS = 20

/** What a rule about datagrams plays in. It is taken down whatever happens. */
export class DatagramScene {
  readonly fixture: DatagramFixture
  readonly capabilities: DatagramCapabilities
  readonly #waiting: Waiting
  readonly #links: CheckedDatagramLink[] = []
  readonly #peers: RawDatagramPeer[] = []

  constructor(fixture: DatagramFixture, options: DatagramConformanceOptions) {
    this.fixture = fixture
    this.capabilities = options.capabilities
    this.#waiting = new Waiting(options.patienceMs ?? PATIENCE_MS)
  }

  get breaches(): readonly string[] {
    return [...new Set(this.#links.flatMap(({ breaches }) => breaches))]
  }

  /** A socket that is bound; nothing is attached to it. */
  async bind(options: TransportOptions = {}): Promise<CheckedDatagramLink> {
    return this.check(await this.bindOver(this.fixture.transport, options))
  }

  async bindOver(transport: Transport, options: TransportOptions = {}): Promise<DatagramLink> {
    if (!transport.bind) throw new Error(`The fixture's transport '${transport.name}' does not bind.`)
    return await transport.bind(options)
  }

  check(link: DatagramLink): CheckedDatagramLink {
    const checked = new CheckedDatagramLink(link)
    this.#links.push(checked)
    return checked
  }

  async dial(): Promise<RawDatagramPeer> {
    const peer = await this.fixture.dial()
    this.#peers.push(peer)
    return peer
  }

  rival(address: Address): Transport {
    return this.fixture.rival?.(address) ?? this.skip('nobody can choose an address')
  }

  skip(why: string): never {
    throw new Skipped(why)
  }

  eventually(what: string, holds: () => boolean): Promise<void> {
    return this.#waiting.eventually(what, holds)
  }

  /** Lets arrive whatever is going to arrive. */
  async settle(): Promise<void> {
    const link = (await this.bind()).attach()
    const peer = await this.dial()
    for (let round = 0; round < ROUND_TRIPS; round += 1) {
      peer.send(Uint8Array.of(round), link.link.local)
      await this.eventually('a witness to be heard', () => link.received.length > round)
      link.send(Uint8Array.of(round), peer.address)
      await this.eventually('a witness to be answered', () => peer.received.length > round)
      await turn()
    }
  }

  async close(): Promise<void> {
    for (const { link } of this.#links) link.close()
    for (const peer of this.#peers) peer.close()
    await this.fixture.close?.()
  }
}
